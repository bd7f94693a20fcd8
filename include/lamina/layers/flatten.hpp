#pragma once

#include <algorithm>

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A layer that reads an image as one row of numbers in memory order: (h, w, c), the channels fastest.
///
///   y[n, (h·W + w)·C + c] = x[n,h,w,c]        x (N, H, W, C)    y (N, H·W·C)
struct Flatten {
  static constexpr std::string_view name = "Flatten";

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  template <int Rank>
  constexpr Shape<2> output_shape(const Shape<Rank>& in) const {
    return {{in[0], lamina::sample_shape(in).size()}};
  }

  template <typename T, int Rank>
  None initialize(const Shape<Rank>&, Rng) const {
    return {};
  }

  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, 2>& y) const {
    reshape(y, output_shape(shape(x)));
    std::copy_n(x.data(), x.size(), y.data());
  }

  /// Computes dx by moving every number back to its place.
  ///
  ///   dx[n,h,w,c] = dy[n, (h·W + w)·C + c]
  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, 2>& /*y*/, const Tensor<T, 2>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    if (!dx) return;
    reshape(dx, shape(x));
    std::copy_n(dy.data(), dy.size(), dx->data());
  }
};

}  // namespace lamina
