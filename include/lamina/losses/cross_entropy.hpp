#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "target_view.hpp"
#include "weighted_targets.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

/// Categorical cross-entropy of probabilities p, for a network that ends in Softmax.
///
///   ℓ = −Σ_k y[k]·ln p[k]        ∂ℓ/∂p[k] = −y[k] / p[k]
///
///   p (N, K)    y: N class numbers, or rows (N, K)    dp (N, K)
///
/// A probability of 0 counts as the smallest normal number, so that both stay finite. After a Softmax p = a(z), with
/// ∂a[j]/∂z[k] = a[j]·([j = k] − a[k]),
///
///   ∂ℓ/∂z[k] = Σⱼ −y[j]/a[j]·a[j]·([j = k] − a[k]) = a[k]·Σⱼ y[j] − y[k] = a[k] − y[k]
///
/// which SoftmaxCrossEntropy computes directly, without the division. Throws DataError for numbers outside [0, 1].
///
/// label_smoothing and class_weights work as in SoftmaxCrossEntropy, on ln p instead of ln a.
struct CrossEntropy {
  double label_smoothing = 0;
  std::vector<double> class_weights{};

  static constexpr std::string_view name = "CrossEntropy";
  static constexpr bool expects_logits = false;
  static constexpr OutputMeaning outputs = OutputMeaning::probabilities;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("label_smoothing", self.label_smoothing...);
    visitor("class_weights", self.class_weights...);
  }

  template <typename T>
  double operator()(const Tensor<T, 2>& p, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dp) const {
    y.check(name, shape(p));
    check_probabilities(name, "Softmax{}", "SoftmaxCrossEntropy", p);
    detail::check_weighting(name, label_smoothing, class_weights, p.dimension(1));
    if (label_smoothing == 0 && class_weights.empty()) return add_up(p, y, batch, dp);
    return add_up(p, detail::WeightedTargets<T>(y, label_smoothing, class_weights, p.dimension(1)), batch, dp);
  }

  template <typename T>
  double weight(const TargetView<T>& y) const {
    return detail::total_weight(y, class_weights);
  }

  template <typename T>
  double correct(const Tensor<T, 2>& p, const std::type_identity_t<TargetView<T>>& y) const {
    return detail::categorical_correct(p, y);
  }

 private:
  template <typename T, typename Y>
  static double add_up(const Tensor<T, 2>& p, const Y& y, Index batch, Tensor<T, 2>& dp) {
    reshape(dp, shape(p));
    const auto [N, K] = shape(p);
    const T mean = T(1) / static_cast<T>(batch);
    double loss = 0;
    for (Index n = 0; n < N; ++n)
      for (Index k = 0; k < K; ++k) {
        const T wanted = y(n, k);
        const T pk = (std::max)(p.data()[n * K + k], (std::numeric_limits<T>::min)());
        if (wanted != 0) loss -= static_cast<double>(wanted) * std::log(static_cast<double>(pk));
        dp.data()[n * K + k] = -wanted / pk * mean;
      }
    return loss / static_cast<double>(batch);
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
