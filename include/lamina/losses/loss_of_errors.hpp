#pragma once

#include <string_view>

#include "target_view.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE::detail {

/// Computes a loss that is the mean of a function h of the errors, over the K numbers of a row and over the batch:
///
///   ℓ = (1/K)·Σ_k h(e[k])        e[k] = z[k] − y[k]        ∂ℓ/∂z[k] = h′(e[k]) / K
///
/// value(e) is h in double and slope(e) is h′. Returns the loss of a shard and writes its gradient to dz. Throws ShapeError
/// and DataError in the name of the loss, see Loss.
template <typename T, typename Value, typename Slope>
double loss_of_errors(std::string_view name, const Tensor<T, 2>& z, const TargetView<T>& y, Index batch, Tensor<T, 2>& dz,
                      const Value& value, const Slope& slope) {
  y.check(name, shape(z));
  reshape(dz, shape(z));
  const auto [N, K] = shape(z);
  const double mean = 1.0 / (static_cast<double>(K) * static_cast<double>(batch));
  double loss = 0;
  for (Index n = 0; n < N; ++n)
    for (Index k = 0; k < K; ++k) {
      const T error = z.data()[n * K + k] - y(n, k);
      loss += value(static_cast<double>(error)) * mean;
      dz.data()[n * K + k] = static_cast<T>(mean) * slope(error);
    }
  return loss;
}

}  // namespace lamina::detail

#include "../core/exact_end.inc"
