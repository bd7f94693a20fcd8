#pragma once

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A layer that mixes the channels of groups, so that the next convolution in groups sees channels of each. Zhang et al. 2018,
/// ShuffleNet, section 3.1; torch.nn.ChannelShuffle. The g groups of m channels become m groups of g channels, each with one
/// channel of every old group:
///
///   y[n,h,w, j·g + i] = x[n,h,w, i·m + j]    for i < g, j < m
///
///   x, y (N, H, W, C)    g = groups    m = C / g
///
/// Every element of x is copied to one element of y, so dx takes them back; it is the same shuffle with m groups:
///
///   dx[n,h,w, i·m + j] = dy[n,h,w, j·g + i]
struct ChannelShuffle {
  Index groups = 2;

  static constexpr std::string_view name = "ChannelShuffle";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("groups", self.groups...);
  }

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  /// Throws ShapeError unless `groups` divides the number of channels.
  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    if (groups < 1 || in[3] % groups != 0)
      throw ShapeError(str_cat("ChannelShuffle: expects groups that divide the ", in[3], " channels of its images but got ", groups));
    return in;
  }

  template <typename T>
  None initialize(const Shape<4>&, Rng) const {
    return {};
  }

  template <typename T>
  void forward(const None&, const Tensor<T, 4>& x, None&, Tensor<T, 4>& y) const {
    reshape(y, output_shape(shape(x)));
    shuffle(groups, x, y);
  }

  template <typename T>
  void backward(const None&, const Tensor<T, 4>& x, const Tensor<T, 4>&, const Tensor<T, 4>& dy, None&, Tensor<T, 4>* dx,
                None&) const {
    if (!dx) return;
    reshape(dx, shape(x));
    shuffle(x.dimension(3) / groups, dy, *dx);
  }

 private:
  template <typename T>
  static void shuffle(Index g, const Tensor<T, 4>& x, Tensor<T, 4>& y) {
    const Index C = x.dimension(3), m = C / g;
    for (Index first = 0; first < x.size(); first += C)  // the first channel of each pixel
      for (Index i = 0; i < g; ++i)
        for (Index j = 0; j < m; ++j) y.data()[first + j * g + i] = x.data()[first + i * m + j];
  }
};

}  // namespace lamina
