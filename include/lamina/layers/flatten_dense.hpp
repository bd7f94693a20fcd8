#pragma once

#include "dense.hpp"
#include "flatten.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A fused Flatten and Dense. An image read as a row has the same numbers in memory, so nothing is copied: forward reads
/// the image, and backward writes its gradient. Its parameters are those of the dense layer.
///
///   y = flatten(x) · wᵀ + b        (N, U) = (N, H·W·C) · (H·W·C, U)
///
/// Its gradients are those of the dense layer, where dx is read as images of x's shape:
///
///   dx = dy · w                    (N, H·W·C) = (N, U) · (U, H·W·C)
template <typename D>
struct FlattenDense {
  Flatten flatten;
  D dense;

  static constexpr std::string_view name = "Flatten+Dense";

  template <typename T>
  using Parameters = typename D::template Parameters<T>;
  template <AnyTensor X>
  using Workspace = PackedWorkspace<scalar_t<X>>;

  template <int Rank>
  constexpr Shape<2> output_shape(const Shape<Rank>& in) const {
    return dense.output_shape(flatten.output_shape(in));
  }

  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng rng) const {
    return dense.template initialize<T>(flatten.output_shape(in), rng);
  }

  template <typename T, int Rank>
  void forward(const Parameters<T>& p, const Tensor<T, Rank>& x, PackedWorkspace<T>& ws, Tensor<T, 2>& y, const Context& context = {}) const {
    dense.check(p, flatten.output_shape(shape(x)));
    const auto [N, F] = flatten.output_shape(shape(x));
    reshape(y, output_shape(shape(x)));
    dense.forward(p, N, F, x.data(), y.data(), ws, context);
  }

  template <typename T, int Rank>
  void backward(const Parameters<T>& p, const Tensor<T, Rank>& x, const Tensor<T, 2>& /*y*/, const Tensor<T, 2>& dy,
                PackedWorkspace<T>& ws, Tensor<T, Rank>* dx, Parameters<T>& dp, const Context& context = {}) const {
    const auto [N, F] = flatten.output_shape(shape(x));
    reshape(dx, shape(x));
    dense.backward(p, N, F, x.data(), dy.data(), data_or_null(dx), ws, dp, context);
  }

  void pack_weights(const auto& p, auto& ws, RoundRobin& turns, const Context& context = {}) const { dense.pack_weights(p, ws, turns, context); }
  bool share_packed(const auto& from, auto& to) const { return dense.share_packed(from, to); }
};

}  // namespace lamina::detail
