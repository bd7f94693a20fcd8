#pragma once

#include "../weighted_targets.hpp"

#include <cmath>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_weighting(std::string_view loss, double smoothing, const std::vector<double>& weights, Index K) {
  if (!(smoothing >= 0 && smoothing < 1))
    throw OptionError(str_cat(loss, ": expects a label_smoothing of at least 0 and below 1 but got ", smoothing));
  if (weights.empty()) return;
  if (std::ssize(weights) != K)
    throw OptionError(
        str_cat(loss, ": expects class_weights for each of the ", K, " classes, or none, but got ", weights.size()));
  double sum = 0;
  for (const double weight : weights) {
    if (!std::isfinite(weight) || weight < 0)
      throw OptionError(str_cat(loss, ": expects finite class_weights of at least 0 but got ", weight));
    sum += weight;
  }
  if (sum == 0) throw OptionError(str_cat(loss, ": expects a class_weight above 0 but all are 0"));
}

}  // namespace lamina::detail
