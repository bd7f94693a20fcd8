#pragma once

#include "../mistakes.hpp"

#include <algorithm>

#include "../../metrics/true_classes.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void keep_worst(std::vector<Mistake>& mistakes, Index most) {
  const auto worse = [](const Mistake& a, const Mistake& b) {
    return ranks_before(a.probability, a.sample, b.probability, b.sample);
  };
  const auto end = mistakes.begin() + std::clamp<Index>(most, 0, std::ssize(mistakes));
  std::partial_sort(mistakes.begin(), end, mistakes.end(), worse);
  mistakes.erase(end, mistakes.end());
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<Mistake> worst_mistakes(std::span<const std::int32_t> labels, const ScoreTable& probabilities,
                                           Index most) {
  detail::TrueClasses(labels).check("worst_mistakes", probabilities);
  std::vector<Mistake> mistakes;
  for (Index n = 0; n < probabilities.samples(); ++n) {
    const Index label = labels[static_cast<std::size_t>(n)], predicted = probabilities.highest(n);
    if (label != predicted)
      mistakes.push_back({n, label, predicted, probabilities(n, predicted), probabilities(n, label)});
  }
  detail::keep_worst(mistakes, most);
  return mistakes;
}

}  // namespace lamina
