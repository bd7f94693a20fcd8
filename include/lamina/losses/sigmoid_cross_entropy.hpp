#pragma once

#include <algorithm>
#include <cmath>

#include "target_view.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

/// Sigmoid and binary cross-entropy as one function of the logits z, for several labels at once: each is an independent
/// yes/no question, answered yes with probability a[k].
///
///   a[k] = σ(z[k]) = 1 / (1 + e^{−z[k]})        ℓ = −Σ_k (y[k]·ln a[k] + (1 − y[k])·ln(1 − a[k]))
///
///   z (N, K)    dz (N, K)    y: rows (N, K) of numbers in [0, 1], or N class numbers, read as one-hot rows;
///                               for a single output, class numbers 0 and 1
///
/// Derivation: −ln σ(z) = ln(1 + e^{−z}) and −ln(1 − σ(z)) = z + ln(1 + e^{−z}), therefore
///
///   ℓ = Σ_k ((1 − y[k])·z[k] + ln(1 + e^{−z[k]}))
///   ∂ℓ/∂z[k] = 1 − y[k] − e^{−z[k]} / (1 + e^{−z[k]}) = a[k] − y[k]        δ = a − y, once more
///
/// There is no factor σ′(z), which belongs to the squared error. With ln(1 + e^{−z}) = max(−z, 0) + ln(1 + e^{−|z|}) no
/// exponential overflows. The sum over the labels is not averaged (PyTorch's mean divides by K as well).
struct SigmoidCrossEntropy {
  static constexpr std::string_view name = "SigmoidCrossEntropy";
  static constexpr bool expects_logits = true;
  static constexpr OutputMeaning outputs = OutputMeaning::sigmoid;
  static constexpr bool has_independent_outputs = true;

  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    y.check(name, shape(z), true);
    y.check_yes(name);
    reshape(dz, shape(z));
    const auto [N, K] = shape(z);
    const T mean = T(1) / static_cast<T>(batch);
    double loss = 0;
    for (Index n = 0; n < N; ++n)
      for (Index k = 0; k < K; ++k) {
        const T zk = z.data()[n * K + k], wanted = y.yes(n, k, K);
        const T e = std::exp(-std::abs(zk));  // in (0, 1]
        const T a = (zk < 0 ? e : T(1)) / (1 + e);
        loss += static_cast<double>((std::max)(zk, T(0))) - static_cast<double>(wanted) * static_cast<double>(zk) +
                std::log1p(static_cast<double>(e));
        dz.data()[n * K + k] = (a - wanted) * mean;
      }
    return loss / static_cast<double>(batch);
  }

  template <typename T>
  double correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) const {
    return detail::binary_correct(z, y, T(0));
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
