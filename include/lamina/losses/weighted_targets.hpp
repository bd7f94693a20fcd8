#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include "targets.hpp"

namespace lamina::detail {

/// What label smoothing ε and class weights w make of the targets of a loss −Σ_k t[k]·ln a[k]:
///
///   t[n,k] = w[k]·((1 − ε)·y[n,k] + ε/K)
///
/// Szegedy et al. 2016, section 7, for ε, as torch.nn.CrossEntropyLoss has both. Without weights each is 1.
template <typename T>
class WeightedTargets {
 public:
  WeightedTargets(const Targets<T>& y, double smoothing, const std::vector<double>& weights, Index K)
      : y_(y), weights_(weights), kept_(static_cast<T>(1 - smoothing)), spread_(static_cast<T>(smoothing / static_cast<double>(K))) {}

  T operator()(Index n, Index k) const {
    const T smooth = kept_ * y_(n, k) + spread_;
    return weights_.empty() ? smooth : static_cast<T>(weights_[static_cast<std::size_t>(k)]) * smooth;
  }

 private:
  const Targets<T>& y_;
  const std::vector<double>& weights_;
  T kept_, spread_;
};

/// Throws OptionError in the name of a loss unless ε is in [0, 1) and there are no weights, or one for each of K classes.
inline void check_weighting(std::string_view loss, double smoothing, const std::vector<double>& weights, Index K) {
  if (!(smoothing >= 0 && smoothing < 1))
    throw OptionError(message(loss, ": expects a label_smoothing of at least 0 and below 1 but got ", smoothing));
  if (weights.empty()) return;
  if (std::ssize(weights) != K)
    throw OptionError(message(loss, ": expects class_weights for each of the ", K, " classes, or none, but got ", weights.size()));
  double sum = 0;
  for (const double weight : weights) {
    if (!std::isfinite(weight) || weight < 0)
      throw OptionError(message(loss, ": expects finite class_weights of at least 0 but got ", weight));
    sum += weight;
  }
  if (sum == 0) throw OptionError(message(loss, ": expects a class_weight above 0 but all are 0"));
}

/// What the mean is over: the weights of the rows' classes, or as many as there are rows where targets are rows of their
/// own, as torch.nn.CrossEntropyLoss has it.
template <typename T>
double total_weight(const Targets<T>& y, const std::vector<double>& weights) {
  if (weights.empty() || !y.are_labels()) return static_cast<double>(y.size());
  double sum = 0;
  for (Index n = 0; n < y.size(); ++n) sum += weights[static_cast<std::size_t>(y.label(n))];
  return sum;
}

}  // namespace lamina::detail
