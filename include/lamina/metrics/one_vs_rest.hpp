#pragma once

#include <vector>

#include "per_class.hpp"
#include "true_classes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The counts for the ROC and precision-recall curves of one class. For each score as a threshold, from the highest down,
/// the samples whose score is at least the threshold are predicted as the class.
struct OneAgainstRest {
  std::vector<double> thresholds;       ///< each score once, so that equal scores are counted together
  std::vector<double> true_positives;   ///< samples of the class among those predicted as it; whole numbers
  std::vector<double> false_positives;  ///< other samples among those predicted as it; whole numbers

  double positives() const { return true_positives.back(); }   ///< samples of the class
  double negatives() const { return false_positives.back(); }  ///< other samples

  /// Ranks class k against the rest, in O(N log N): positives and negatives are sorted separately and then merged.
  OneAgainstRest(const TrueClasses& truth, const ScoreTable& scores, Index k);
};

/// Returns the value of `metric` for the ranking of each class, and the means.
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

#ifndef LAMINA_COMPILED
#include "impl/one_vs_rest.ipp"
#endif
