#pragma once

#include "targets.hpp"

namespace LAMINA_NAMESPACE {

/// The mean of the squared differences, over the K numbers of a row and over the batch.
///
///   ℓ = (1/K)·Σ_k (z[k] − y[k])²        ∂ℓ/∂z[k] = (2/K)·(z[k] − y[k])
///
///   z (N, K)    y: rows (N, K), or N class numbers, read as one-hot rows    dz (N, K)
///
/// Behind a Sigmoid a = σ(z) this puts a factor σ′(z) into the last δ, which cross-entropy does not have: a unit that is
/// wrong with certainty, σ′ ≈ 0, hardly learns.
struct MeanSquaredError {
  static constexpr std::string_view name = "MeanSquaredError";
  static constexpr bool expects_logits = false;

  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<Targets<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    y.check(name, shape(z));
    reshape(dz, shape(z));
    const auto [N, K] = shape(z);
    const double mean = 1.0 / (static_cast<double>(K) * static_cast<double>(batch));
    double loss = 0;
    for (Index n = 0; n < N; ++n)
      for (Index k = 0; k < K; ++k) {
        const T error = z.data()[n * K + k] - y(n, k);
        loss += static_cast<double>(error) * static_cast<double>(error) * mean;
        dz.data()[n * K + k] = static_cast<T>(2 * mean) * error;
      }
    return loss;
  }

  template <typename T>
  double hits(const Tensor<T, 2>& z, const std::type_identity_t<Targets<T>>& y) const {
    return categorical_hits(z, y);
  }
};

}  // namespace lamina
