#pragma once

#include <cmath>

#include "loss_of_errors.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

/// The mean of the absolute differences, over the K numbers of a row and over the batch: the L1 loss, torch.nn.L1Loss. It
/// fits the median of the targets, whereas the squared error fits their mean, so that outliers count for less.
///
///   ℓ = (1/K)·Σ_k |z[k] − y[k]|        ∂ℓ/∂z[k] = sign(z[k] − y[k]) / K, and 0 where z[k] = y[k]
///
///   z (N, K)    y: rows (N, K), or N class numbers, read as one-hot rows    dz (N, K)
///
/// Derivation: |e| has the slope −1 below 0 and +1 above. At 0 every number between them is a subgradient; 0 leaves exact
/// predictions unchanged.
struct MeanAbsoluteError {
  static constexpr std::string_view name = "MeanAbsoluteError";
  static constexpr bool expects_logits = false;
  static constexpr bool is_regression = true;

  /// Returns the loss of a shard and writes its gradient to dz. Throws ShapeError and DataError, see Loss.
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    return detail::loss_of_errors<T>(
        name, z, y, batch, dz, [](double error) { return std::abs(error); },
        [](T error) { return error > 0 ? T(1) : error < 0 ? T(-1) : error; });  // a NaN stays one
  }

  template <typename T>
  double correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) const {
    return detail::categorical_correct(z, y);
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
