#pragma once

#include "../one_vs_rest.hpp"

#include <algorithm>
#include <functional>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OneAgainstRest::OneAgainstRest(const TrueClasses& truth, const ScoreTable& scores, Index k) {
  std::vector<double> own, others;
  for (Index n = 0; n < scores.samples(); ++n) (truth.of(n, k) ? own : others).push_back(scores(n, k));
  std::sort(own.begin(), own.end(), std::greater<double>());
  std::sort(others.begin(), others.end(), std::greater<double>());
  std::size_t tp = 0, fp = 0;
  while (tp < own.size() || fp < others.size()) {
    const bool next_is_own = fp == others.size() || (tp < own.size() && own[tp] > others[fp]);
    const double threshold = next_is_own ? own[tp] : others[fp];
    while (tp < own.size() && own[tp] == threshold) ++tp;
    while (fp < others.size() && others[fp] == threshold) ++fp;
    thresholds.push_back(threshold);
    true_positives.push_back(static_cast<double>(tp));
    false_positives.push_back(static_cast<double>(fp));
  }
}

}  // namespace lamina::detail
