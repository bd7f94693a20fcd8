#pragma once

#include "../log_loss.hpp"

#include <algorithm>
#include <cmath>

#include "../true_classes.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC double log_loss(std::span<const std::int32_t> labels, const ScoreTable& probabilities) {
  detail::TrueClasses(labels).check("log_loss", probabilities);
  probabilities.check_distributions("log_loss");
  const double epsilon = probabilities.epsilon();
  double sum = 0;
  for (Index n = 0; n < probabilities.samples(); ++n)
    sum -= std::log(std::clamp(probabilities(n, labels[static_cast<std::size_t>(n)]), epsilon, 1 - epsilon));
  return sum / static_cast<double>(probabilities.samples());
}

}  // namespace lamina
