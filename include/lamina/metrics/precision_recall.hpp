#pragma once

#include <vector>

#include "one_against_rest.hpp"

namespace LAMINA_NAMESPACE {

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
double precision_area(const OneAgainstRest& ranking);

}  // namespace detail

/// The precision-recall curve of class k against the rest, as scikit-learn's precision_recall_curve. `truth` are class
/// numbers (N), or rows (N, K) of 0 and 1; `scores` (N, K) are probabilities or anything else that is higher for more
/// certain. Throws OptionError when there is no class k, ShapeError and DataError for what cannot be judged, such as
/// a NaN.
PrecisionRecallCurve precision_recall_curve(const TrueClasses& truth, const ScoreTable& scores, Index k);

/// The average precision of each class against the rest, in [0, 1]: the area under its precision-recall curve, drawn in
/// steps. Scores that know nothing have the share of the class's samples. As scikit-learn's average_precision_score;
/// `macro` is also called mean average precision. A class without samples has 0, which counts in `macro`. Arguments and
/// errors as of `precision_recall_curve`.
PerClass average_precision(const TrueClasses& truth, const ScoreTable& scores);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/precision_recall.ipp"
#endif
