#pragma once

#include "../brier_score.hpp"

#include "../true_classes.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC double brier_score(std::span<const std::int32_t> labels, const ScoreTable& probabilities) {
  const detail::TrueClasses truth(labels);
  truth.check("brier_score", probabilities);
  probabilities.check_distributions("brier_score");
  double sum = 0;
  for (Index n = 0; n < probabilities.samples(); ++n)
    for (Index k = 0; k < probabilities.classes(); ++k) {
      const double off = probabilities(n, k) - double(truth.of(n, k));
      sum += off * off;
    }
  return sum / static_cast<double>(probabilities.samples());
}

}  // namespace lamina
