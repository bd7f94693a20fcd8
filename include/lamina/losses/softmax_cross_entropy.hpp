#pragma once

#include "../layers/softmax.hpp"
#include "target_view.hpp"
#include "weighted_targets.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

/// Softmax and categorical cross-entropy as one function of the logits z, for one class per sample.
///
///   a[k] = e^{z[k]} / Σⱼ e^{z[j]}        ℓ = −Σ_k y[k]·ln a[k] = Σ_k y[k]·(ln Σⱼ e^{z[j]} − z[k])
///
///   z (N, K)    y: N class numbers, or rows (N, K)    dz (N, K)
///
/// Derivation: ∂ ln Σⱼ e^{z[j]} / ∂z[k] = e^{z[k]} / Σⱼ e^{z[j]} = a[k], therefore
///
///   ∂ℓ/∂z[k] = a[k]·Σⱼ y[j] − y[k] = a[k] − y[k]        δ = a − y, as the rows of y sum to 1
///
/// This contains neither the logarithm of a nor a division by it, and the largest logit is subtracted before any
/// exponential: it is finite for any finite logits.
///
/// label_smoothing ε and class_weights w (one per class) replace y[k] by t[k] = w[k]·((1 − ε)·y[k] + ε/K), as
/// torch.nn.CrossEntropyLoss does, and δ[k] = a[k]·Σⱼ t[j] − t[k]. The mean is then a weighted one: Σ ℓ / Σ w[label] for
/// class numbers, Σ ℓ / N for rows. A shard does not know the others' weights: a call divides by `batch`, and `fit`,
/// `step` and `evaluate` correct the whole with `weight` (see Loss). Throws OptionError for invalid options.
struct SoftmaxCrossEntropy {
  double label_smoothing = 0;
  std::vector<double> class_weights{};

  static constexpr std::string_view name = "SoftmaxCrossEntropy";
  static constexpr bool expects_logits = true;
  static constexpr OutputMeaning outputs = OutputMeaning::softmax;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("label_smoothing", self.label_smoothing...);
    visitor("class_weights", self.class_weights...);
  }

  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    y.check(name, shape(z));
    detail::check_weighting(name, label_smoothing, class_weights, z.dimension(1));
    if (label_smoothing == 0 && class_weights.empty()) return add_up(z, y, batch, dz);
    return add_up(z, detail::WeightedTargets<T>(y, label_smoothing, class_weights, z.dimension(1)), batch, dz);
  }

  template <typename T>
  double weight(const TargetView<T>& y) const {
    return detail::total_weight(y, class_weights);
  }

  template <typename T>
  double correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) const {
    return detail::categorical_correct(z, y);
  }

 private:
  template <typename T, typename Y>
  static double add_up(const Tensor<T, 2>& z, const Y& y, Index batch, Tensor<T, 2>& dz) {
    reshape(dz, shape(z));
    const auto [N, K] = shape(z);
    const T mean = T(1) / static_cast<T>(batch);
    double loss = 0;
    for (Index n = 0; n < N; ++n) {
      const T* zn = z.data() + n * K;
      T* d = dz.data() + n * K;
      const double log_sum = detail::softmax_row(zn, K, d);  // d = a
      T weight = 0;                                          // Σⱼ y[j]
      for (Index k = 0; k < K; ++k) {
        const T wanted = y(n, k);
        if (wanted == 0) continue;
        loss += static_cast<double>(wanted) * (log_sum - static_cast<double>(zn[k]));
        weight += wanted;
      }
      for (Index k = 0; k < K; ++k) d[k] = (d[k] * weight - y(n, k)) * mean;
    }
    return loss / static_cast<double>(batch);
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
