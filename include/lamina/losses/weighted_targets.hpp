#pragma once

#include <string_view>
#include <vector>

#include "target_view.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The targets of a loss −Σ_k t[k]·ln a[k] with label smoothing ε and class weights w:
///
///   t[n,k] = w[k]·((1 − ε)·y[n,k] + ε/K)
///
/// Szegedy et al. 2016, section 7, for ε; torch.nn.CrossEntropyLoss has both. Without weights each is 1.
template <typename T>
class WeightedTargets {
 public:
  WeightedTargets(const TargetView<T>& y, double smoothing, const std::vector<double>& weights, Index K)
      : y_(y), weights_(weights), kept_(static_cast<T>(1 - smoothing)), spread_(static_cast<T>(smoothing / static_cast<double>(K))) {}

  T operator()(Index n, Index k) const {
    const T smooth = kept_ * y_(n, k) + spread_;
    return weights_.empty() ? smooth : static_cast<T>(weights_[static_cast<std::size_t>(k)]) * smooth;
  }

 private:
  const TargetView<T>& y_;
  const std::vector<double>& weights_;
  T kept_, spread_;
};

/// Throws OptionError in the name of a loss unless ε is in [0, 1) and there are no weights, or one per class.
void check_weighting(std::string_view loss, double smoothing, const std::vector<double>& weights, Index K);

/// Returns the divisor of the mean: the sum of the weights of the rows' classes, or the number of rows if targets are
/// rows, as in torch.nn.CrossEntropyLoss.
template <typename T>
double total_weight(const TargetView<T>& y, const std::vector<double>& weights) {
  if (weights.empty() || !y.are_labels()) return static_cast<double>(y.size());
  double sum = 0;
  for (Index n = 0; n < y.size(); ++n) sum += weights[static_cast<std::size_t>(y.label(n))];
  return sum;
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/weighted_targets.ipp"
#endif
