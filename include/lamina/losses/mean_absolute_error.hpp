#pragma once

#include <cmath>

#include "targets.hpp"

namespace LAMINA_NAMESPACE {

/// The mean of the absolute differences, over the K numbers of a row and over the batch: the L1 loss, torch.nn.L1Loss. It
/// fits the median of the targets where the squared error fits their mean, so that a few targets that are far off count for
/// less.
///
///   ℓ = (1/K)·Σ_k |z[k] − y[k]|        ∂ℓ/∂z[k] = sign(z[k] − y[k]) / K, and 0 where z[k] = y[k]
///
///   z (N, K)    y: rows (N, K), or N class numbers, read as one-hot rows    dz (N, K)
///
/// The derivation: |e| has the slope −1 below 0 and +1 above; at 0 every number between them is a subgradient, and 0 is the
/// one that leaves alone what is right.
struct MeanAbsoluteError {
  static constexpr std::string_view name = "MeanAbsoluteError";
  static constexpr bool expects_logits = false;

  /// Returns the loss of a shard and writes its gradient to dz. Throws ShapeError and DataError, see Loss.
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
        loss += std::abs(static_cast<double>(error)) * mean;
        // A NaN is no sign and stays one.
        dz.data()[n * K + k] = error > 0 ? static_cast<T>(mean) : error < 0 ? static_cast<T>(-mean) : error;
      }
    return loss;
  }

  template <typename T>
  double hits(const Tensor<T, 2>& z, const std::type_identity_t<Targets<T>>& y) const {
    return categorical_hits(z, y);
  }
};

}  // namespace lamina
