#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "per_class.hpp"
#include "true_classes.hpp"

namespace lamina::detail {

/// What ROC and precision-recall curves are drawn from. With the samples whose score for one class is at least a
/// threshold taken for that class, for every score that occurs as the threshold, from the highest down:
struct OneAgainstRest {
  std::vector<double> thresholds;       ///< each score once, so that equal scores pass together
  std::vector<double> true_positives;   ///< samples of the class among those taken for it; whole numbers
  std::vector<double> false_positives;  ///< other samples among those taken for it; whole numbers

  double positives() const { return true_positives.back(); }   ///< samples of the class
  double negatives() const { return false_positives.back(); }  ///< other samples

  /// Ranks class k against the rest, in O(N log N): positives and negatives are sorted apart and then merged.
  OneAgainstRest(const TrueClasses& truth, const ScoreTable& scores, Index k) {
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
};

/// What `metric` gives for the ranking of each class, and the means.
template <typename Metric>
PerClass of_each_class(const TrueClasses& truth, const ScoreTable& scores, Metric metric) {
  std::vector<double> values;
  std::vector<Index> support;
  for (Index k = 0; k < scores.classes(); ++k) {
    const OneAgainstRest ranking(truth, scores, k);
    values.push_back(metric(ranking));
    support.push_back(static_cast<Index>(ranking.positives()));
  }
  return averaged(std::move(values), support);
}

}  // namespace lamina::detail
