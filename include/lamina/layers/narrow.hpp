#pragma once

#include <algorithm>

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A layer that keeps some channels of images, or features of rows: torch.narrow along the channels. Two of them are torch.split.
///
///   y[…, k] = x[…, start + k]    for k < length
///
///   x (N, …, C)    y (N, …, length)
///
/// Every element of y is copied from one element of x, and the others of x are not used, so:
///
///   dx[…, c] = dy[…, c − start]    for start ≤ c < start + length, else 0
struct Narrow {
  Index start = 0;
  Index length = 1;

  static constexpr std::string_view name = "Narrow";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("start", self.start...);
    visitor("length", self.length...);
  }

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  /// Throws ShapeError unless the input has these channels or features.
  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    const Index C = in[Rank - 1];
    if (start < 0 || length < 1 || start >= C || length > C - start)
      throw ShapeError(str_cat("Narrow: expects a start and a length within the ", C, Rank == 2 ? " features" : " channels",
                               " of its input but got ", start, " and ", length));
    Shape<Rank> out = in;
    out[Rank - 1] = length;
    return out;
  }

  template <typename T, int Rank>
  None initialize(const Shape<Rank>&, Rng) const {
    return {};
  }

  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, Rank>& y) const {
    reshape(y, output_shape(shape(x)));
    const Index C = x.dimension(Rank - 1), rows = y.size() / length;
    for (Index i = 0; i < rows; ++i) std::copy_n(x.data() + i * C + start, length, y.data() + i * length);
  }

  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>&, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    if (!dx) return;
    reshape(dx, shape(x));
    dx->setZero();
    const Index C = x.dimension(Rank - 1), rows = dy.size() / length;
    for (Index i = 0; i < rows; ++i) std::copy_n(dy.data() + i * length, length, dx->data() + i * C + start);
  }
};

}  // namespace lamina
