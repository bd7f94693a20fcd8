#pragma once

#include <algorithm>
#include <limits>

#include "target_view.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

/// Binary cross-entropy of probabilities p, for a multi-label network that ends in Sigmoid.
///
///   ℓ = −Σ_k (y[k]·ln p[k] + (1 − y[k])·ln(1 − p[k]))        ∂ℓ/∂p[k] = (1 − y[k]) / (1 − p[k]) − y[k] / p[k]
///
///   p (N, K)    dp (N, K)    y: rows (N, K) of numbers in [0, 1], or N class numbers, read as one-hot rows;
///                               for a single output, class numbers 0 and 1
///
/// p and 1 − p count as at least the smallest normal number, so that both stay finite. After a Sigmoid p = a(z), with
/// σ′(z) = a·(1 − a),
///
///   ∂ℓ/∂z[k] = ((1 − y[k])·a[k] − y[k]·(1 − a[k])) = a[k] − y[k]
///
/// which SigmoidCrossEntropy computes directly. Throws DataError for numbers outside [0, 1].
struct BinaryCrossEntropy {
  static constexpr std::string_view name = "BinaryCrossEntropy";
  static constexpr bool expects_logits = false;
  static constexpr OutputMeaning outputs = OutputMeaning::probabilities;
  static constexpr bool has_independent_outputs = true;

  template <typename T>
  double operator()(const Tensor<T, 2>& p, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dp) const {
    y.check(name, shape(p), true);
    y.check_yes(name);
    check_probabilities(name, "Sigmoid{}", "SigmoidCrossEntropy", p);
    reshape(dp, shape(p));
    const auto [N, K] = shape(p);
    const T mean = T(1) / static_cast<T>(batch), least = (std::numeric_limits<T>::min)();
    double loss = 0;
    for (Index n = 0; n < N; ++n)
      for (Index k = 0; k < K; ++k) {
        const T wanted = y.yes(n, k, K);
        const T yes = (std::max)(p.data()[n * K + k], least), no = (std::max)(1 - p.data()[n * K + k], least);
        loss -= static_cast<double>(wanted) * std::log(static_cast<double>(yes)) +
                static_cast<double>(1 - wanted) * std::log(static_cast<double>(no));
        dp.data()[n * K + k] = ((1 - wanted) / no - wanted / yes) * mean;
      }
    return loss / static_cast<double>(batch);
  }

  template <typename T>
  double correct(const Tensor<T, 2>& p, const std::type_identity_t<TargetView<T>>& y) const {
    return detail::binary_correct(p, y, T(0.5));
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
