#pragma once

#include "loss_of_errors.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

/// The mean of the squared differences, over the K numbers of a row and over the batch.
///
///   ℓ = (1/K)·Σ_k (z[k] − y[k])²        ∂ℓ/∂z[k] = (2/K)·(z[k] − y[k])
///
///   z (N, K)    y: rows (N, K), or N class numbers, read as one-hot rows    dz (N, K)
///
/// After a Sigmoid a = σ(z) it puts a factor σ′(z) into the last δ, which cross-entropy does not have. A unit that is
/// wrong with certainty, σ′ ≈ 0, therefore hardly learns.
struct MeanSquaredError {
  static constexpr std::string_view name = "MeanSquaredError";
  static constexpr bool expects_logits = false;
  static constexpr bool is_regression = true;

  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    return detail::loss_of_errors<T>(
        name, z, y, batch, dz, [](double error) { return error * error; }, [](T error) { return 2 * error; });
  }

  template <typename T>
  double correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) const {
    return detail::categorical_correct(z, y);
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
