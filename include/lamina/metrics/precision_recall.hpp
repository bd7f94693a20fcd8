#pragma once

#include <vector>

#include "one_vs_rest.hpp"

namespace LAMINA_NAMESPACE {

/// The precision and recall of one class against the rest. If the samples that score at least a threshold are predicted
/// as the class,
///
///   precision = TP / (TP + FP)        recall = TP / P, with P samples of the class; 1 if P = 0
///
/// along rising scores and thus falling recall, to the point of recall 0 and precision 1, which has no threshold.
struct PrecisionRecallCurve {
  std::vector<double> precision;
  std::vector<double> recall;      ///< falling
  std::vector<double> thresholds;  ///< rising; one less than points
};

namespace detail {

/// Returns the precision at each threshold weighted by the recall that it adds, without interpolation.
///
///   AP = Σᵢ (recallᵢ − recallᵢ₋₁)·precisionᵢ        along the falling scores; 0 if P = 0
double precision_area(const OneAgainstRest& ranking);

}  // namespace detail

/// Returns the precision-recall curve of class k against the rest, as scikit-learn's precision_recall_curve. `truth`
/// holds class numbers (N), or rows (N, K) of 0 and 1; `scores` (N, K) are probabilities or other numbers that are higher
/// for more certain. Throws OptionError if there is no class k, ShapeError and DataError for invalid input, such as a NaN.
PrecisionRecallCurve precision_recall_curve(const detail::TrueClasses& truth, const ScoreTable& scores, Index k);

/// Returns the average precision of each class against the rest, in [0, 1]: the area under its stepwise precision-recall
/// curve. Random scores give the class's share of the samples. It equals scikit-learn's average_precision_score; `macro`
/// is also called mean average precision. A class without samples has 0, which counts in `macro`. Arguments and errors
/// are those of `precision_recall_curve`.
PerClass average_precision(const detail::TrueClasses& truth, const ScoreTable& scores);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/precision_recall.ipp"
#endif
