#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "true_classes.hpp"

namespace lamina {

/// The cross-entropy of probabilities p (N, K), in nats: how surprising the labels are to who believes in p.
///
///   −1/N · Σₙ ln p[n, labels[n]]
///
/// A p is first moved into [ε, 1 − ε], with ε the distance from 1 to the next number of the tensor's type, so that a
/// label of probability 0 costs 36 (double) or 16 (float) and not infinity. As scikit-learn's log_loss. `CrossEntropy`
/// is the same as a loss to train with. Throws ShapeError unless there is a row for each label; DataError for no
/// sample, a label that is no class, or a row that is not a distribution: NaN, outside [0, 1], not adding up to 1.
inline double log_loss(std::span<const std::int32_t> labels, const ScoreTable& probabilities) {
  TrueClasses(labels).check("log_loss", probabilities);
  probabilities.check_distributions("log_loss");
  const double epsilon = probabilities.epsilon();
  double sum = 0;
  for (Index n = 0; n < probabilities.samples(); ++n)
    sum -= std::log(std::clamp(probabilities(n, labels[static_cast<std::size_t>(n)]), epsilon, 1 - epsilon));
  return sum / static_cast<double>(probabilities.samples());
}

}  // namespace lamina
