#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "../metrics/true_classes.hpp"

namespace lamina {

/// A sample that was taken for another class than its own.
struct Mistake {
  Index sample = 0, label = 0, predicted = 0;
  double probability = 0;        ///< of the predicted class: how sure the network was
  double label_probability = 0;  ///< of the sample's own class
};

/// The mistakes that a network was surest of, the worst first, at most `most`. `probabilities` (N, K). Throws
/// ShapeError unless there is a row for each label, DataError for no sample or a label that is no class.
inline std::vector<Mistake> worst_mistakes(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                                           Index most) {
  TrueClasses(labels).check("worst_mistakes", probabilities);
  std::vector<Mistake> mistakes;
  for (Index n = 0; n < probabilities.samples(); ++n) {
    const Index label = labels[static_cast<std::size_t>(n)], predicted = probabilities.highest(n);
    if (label != predicted)
      mistakes.push_back({n, label, predicted, probabilities(n, predicted), probabilities(n, label)});
  }
  const auto worse = [](const Mistake& a, const Mistake& b) {
    return detail::ranks_before(a.probability, a.sample, b.probability, b.sample);
  };
  const auto end = mistakes.begin() + std::clamp<Index>(most, 0, std::ssize(mistakes));
  std::partial_sort(mistakes.begin(), end, mistakes.end(), worse);
  mistakes.erase(end, mistakes.end());
  return mistakes;
}

}  // namespace lamina
