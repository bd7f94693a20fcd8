#pragma once

#include <algorithm>

#include "conv_geometry.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A layer that keeps every stride-th row and column of an image and adds channels of zeros: the shortcut without parameters
/// of residual networks for CIFAR-10. He et al. 2016, section 4.2, option A. In PyTorch it is
/// F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, front, back)).
///
///   y[n,p,q,k] = x[n, p·stride, q·stride, k − front]   for front ≤ k < front + C, else 0
///
///   x (N, H, W, C)    y (N, P, Q, K)    P = ⌈H / stride⌉    K = channels, or C if that is 0    front = ⌊(K − C) / 2⌋
///
/// Every element of x is copied to one element of y, or to none, so:
///
///   dx[n, p·stride, q·stride, c] = dy[n, p, q, front + c], else 0
struct Subsample {
  Size2D stride = 2;
  Index channels = 0;  // 0: as many as the images have

  static constexpr std::string_view name = "Subsample";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("stride", self.stride...);
    visitor("channels", self.channels...);
  }

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  /// Throws ShapeError unless the stride is at least 1 and `channels` is 0 or at least the number of the images' channels.
  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    if (stride.height < 1 || stride.width < 1)
      throw ShapeError(str_cat("Subsample: expects a stride of at least 1 but got ", stride));
    if (channels != 0 && channels < in[3])
      throw ShapeError(str_cat("Subsample: expects at least the ", in[3], " channels of its images but got ", channels,
                               "; leave .channels out to keep them"));
    return {{in[0], (in[1] + stride.height - 1) / stride.height, (in[2] + stride.width - 1) / stride.width,
             channels == 0 ? in[3] : channels}};
  }

  /// Returns the number of channels of zeros before the C channels of an image.
  constexpr Index front(Index C) const { return channels == 0 ? 0 : (channels - C) / 2; }

  template <typename T>
  None initialize(const Shape<4>&, Rng) const {
    return {};
  }

  template <typename T>
  void forward(const None&, const Tensor<T, 4>& x, None&, Tensor<T, 4>& y) const {
    const Index C = x.dimension(3);
    reshape(y, output_shape(shape(x)));
    if (y.dimension(3) != C) y.setZero();
    each(x, y, [&](Index from, Index to) { std::copy_n(x.data() + from, C, y.data() + to); });
  }

  template <typename T>
  void backward(const None&, const Tensor<T, 4>& x, const Tensor<T, 4>& y, const Tensor<T, 4>& dy, None&,
                Tensor<T, 4>* dx, None&) const {
    if (!dx) return;
    reshape(dx, shape(x));
    dx->setZero();
    each(x, y, [&](Index from, Index to) { std::copy_n(dy.data() + to, x.dimension(3), dx->data() + from); });
  }

 private:
  /// Calls visit(index of its first channel in x, index of its first channel in y) for each pixel that is kept.
  template <typename T, typename Visitor>
  void each(const Tensor<T, 4>& x, const Tensor<T, 4>& y, const Visitor& visit) const {
    const auto [N, H, W, C] = shape(x);
    const auto [M, P, Q, K] = shape(y);
    for (Index n = 0; n < N; ++n)
      for (Index p = 0; p < P; ++p)
        for (Index q = 0; q < Q; ++q)
          visit(((n * H + p * stride.height) * W + q * stride.width) * C, ((n * P + p) * Q + q) * K + front(C));
  }
};

}  // namespace lamina
