#pragma once

#include <cmath>

#include "../core/exact.inc"
#include "../layers/softmax.hpp"
#include "target_view.hpp"
#include "weighted_targets.hpp"

namespace LAMINA_NAMESPACE {

/// The focal loss of the logits z, for one class per sample: a cross-entropy that gives little weight to samples that
/// the network is sure of, so that many easy ones do not drown few hard ones. Lin, Goyal, Girshick, He, Dollár, "Focal
/// loss for dense object detection", 2017, with softmax in place of their sigmoid.
///
///   a[k] = e^{z[k]} / Σⱼ e^{z[j]}        ℓ = −Σ_k t[k]·(1 − a[k])^γ·ln a[k]        t[k] = class_weights[k]·y[k]
///
///   z (N, K)    y: N class numbers, or rows (N, K)    dz (N, K)
///
/// Derivation: with f(a) = −(1 − a)^γ·ln a, a·f′(a) = γ·a·(1 − a)^{γ−1}·ln a − (1 − a)^γ =: h, and
/// ∂a[k]/∂z[j] = a[k]·(1[k = j] − a[j]). Therefore
///
///   ∂ℓ/∂z[j] = t[j]·h[j] − a[j]·Σ_k t[k]·h[k]
///
/// With gamma = 0 every h is −1, and both are those of SoftmaxCrossEntropy. Both are computed from ln a[k] = z[k] − ln
/// Σⱼ e^{z[j]} and are finite for any finite logits. The mean over a batch is that of SoftmaxCrossEntropy.
struct FocalLoss {
  double gamma = 2;
  std::vector<double> class_weights{};

  static constexpr std::string_view name = "FocalLoss";
  static constexpr bool expects_logits = true;
  static constexpr OutputMeaning outputs = OutputMeaning::softmax;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("gamma", self.gamma...);
    visitor("class_weights", self.class_weights...);
  }

  /// Returns the loss of a shard and writes its gradient to dz. Throws OptionError unless gamma is in 0 … 100 and there
  /// are no class weights or one per class, and ShapeError and DataError, see Loss.
  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch,
                    Tensor<T, 2>& dz) const {
    const auto [N, K] = shape(z);
    y.check(name, shape(z));
    detail::check_weighting(name, 0, class_weights, K);
    if (!(gamma >= 0 && gamma <= 100))
      throw OptionError(str_cat("FocalLoss: expects a gamma of 0 … 100 but got ", gamma));
    reshape(dz, shape(z));
    double loss = 0;
    for (Index n = 0; n < N; ++n) {
      const T* zn = z.data() + n * K;
      T* d = dz.data() + n * K;
      const double log_sum = detail::softmax_row(zn, K, d);  // d = a
      double sum = 0;                                        // Σ_k t[k]·h[k]
      for (Index k = 0; k < K; ++k) {
        const double t = weighted(y(n, k), k);
        if (t == 0) continue;
        const Term term = of_logarithm(static_cast<double>(zn[k]) - log_sum);
        loss += t * term.loss;
        sum += t * term.h;
      }
      for (Index k = 0; k < K; ++k) {
        const double t = weighted(y(n, k), k);
        const double own = t == 0 ? 0 : t * of_logarithm(static_cast<double>(zn[k]) - log_sum).h;
        d[k] = static_cast<T>((own - static_cast<double>(d[k]) * sum) / static_cast<double>(batch));
      }
    }
    return loss / static_cast<double>(batch);
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
  struct Term {
    double loss, h;
  };

  template <typename T>
  double weighted(T y, Index k) const {
    return class_weights.empty() ? static_cast<double>(y)
                                 : class_weights[static_cast<std::size_t>(k)] * static_cast<double>(y);
  }

  /// Returns f(a) and h of ln a.
  Term of_logarithm(double logarithm) const {
    const double rest = -std::expm1(logarithm), power = std::pow(rest, gamma);  // 1 − a, and its power
    const double slope = gamma == 0 || rest == 0 ? 0 : gamma * std::exp(logarithm) * power / rest * logarithm;
    return {-power * logarithm, slope - power};
  }
};

}  // namespace LAMINA_NAMESPACE

#include "../core/exact_end.inc"
