#pragma once

#include <vector>

#include "one_against_rest.hpp"

namespace lamina {

/// Precision and recall of one class against the rest. With the samples that score at least a threshold taken for the
/// class,
///
///   precision = TP / (TP + FP)        recall = TP / P, with P samples of the class; 1 where P = 0
///
/// along the rising scores, hence falling recall, to the point of recall 0 and precision 1, which has no threshold.
struct PrecisionRecallCurve {
  std::vector<double> precision;
  std::vector<double> recall;      ///< falling
  std::vector<double> thresholds;  ///< rising; one fewer than points
};

namespace detail {

/// Precision at each threshold weighted by the recall that it adds; nothing is interpolated.
///
///   AP = Σᵢ (recallᵢ − recallᵢ₋₁)·precisionᵢ        along the falling scores; 0 where P = 0
inline double precision_area(const OneAgainstRest& ranking) {
  double area = 0, tp = 0;
  for (std::size_t i = 0; i < ranking.thresholds.size(); ++i) {
    const double hits = ranking.true_positives[i];
    area += (hits - tp) * hits / (hits + ranking.false_positives[i]);
    tp = hits;
  }
  return ranking.positives() == 0 ? 0 : area / ranking.positives();
}

}  // namespace detail

/// The precision-recall curve of class k against the rest, as scikit-learn's precision_recall_curve. `truth` are class
/// numbers (N), or rows (N, K) of 0 and 1; `scores` (N, K) are probabilities or anything else that is higher for more
/// certain. Throws OptionError when there is no class k, ShapeError and DataError for what cannot be judged, such as
/// a NaN.
inline PrecisionRecallCurve precision_recall_curve(const TrueClasses& truth, const ScoreTable& scores, Index k) {
  truth.check("precision_recall_curve", scores);
  scores.check_finite("precision_recall_curve");
  detail::check_class_asked("precision_recall_curve", k, scores.classes());
  const detail::OneAgainstRest ranking(truth, scores, k);
  PrecisionRecallCurve curve;
  for (std::size_t i = ranking.thresholds.size(); i-- > 0;) {
    const double hits = ranking.true_positives[i];
    curve.precision.push_back(hits / (hits + ranking.false_positives[i]));
    curve.recall.push_back(ranking.positives() == 0 ? 1 : hits / ranking.positives());
    curve.thresholds.push_back(ranking.thresholds[i]);
  }
  curve.precision.push_back(1);
  curve.recall.push_back(0);
  return curve;
}

/// The average precision of each class against the rest, in [0, 1]: the area under its precision-recall curve, drawn in
/// steps. Scores that know nothing have the share of the class's samples. As scikit-learn's average_precision_score;
/// `macro` is also called mean average precision. A class without samples has 0, which counts in `macro`. Arguments and
/// errors as of `precision_recall_curve`.
inline PerClass average_precision(const TrueClasses& truth, const ScoreTable& scores) {
  truth.check("average_precision", scores);
  scores.check_finite("average_precision");
  return detail::of_each_class(truth, scores, detail::precision_area);
}

}  // namespace lamina
