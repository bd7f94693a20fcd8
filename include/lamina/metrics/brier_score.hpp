#pragma once

#include <cstdint>
#include <span>

#include "true_classes.hpp"

namespace lamina {

/// How far probabilities p (N, K) are from what came, squared: 0 at best, 2 for who is sure of the wrong class each
/// time.
///
///   1/N · Σₙ Σₖ (p[n,k] − y[n,k])²        y[n,k] = [k = labels[n]]
///
/// Brier 1950, Verification of forecasts expressed in terms of probability, eq. 2. It is the sum over the classes of
/// scikit-learn's brier_score_loss of each against the rest, which for two classes is twice the one of either. Throws
/// as `log_loss` does.
inline double brier_score(std::span<const std::int32_t> labels, const ScoreTable& probabilities) {
  const TrueClasses truth(labels);
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
