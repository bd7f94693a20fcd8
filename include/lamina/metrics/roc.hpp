#pragma once

#include <vector>

#include "one_against_rest.hpp"

namespace LAMINA_NAMESPACE {

/// The receiver operating characteristic of one class against the rest (Fawcett 2006, An introduction to ROC analysis).
/// With the samples that score at least a threshold taken for the class,
///
///   true positive rate  = TP / P        P samples of the class, TP of them taken for it
///   false positive rate = FP / N        N other samples, FP of them taken for it
///
/// from the point (0, 0), whose threshold is infinite, to (1, 1), along the falling scores. Samples of one score pass
/// together: among them the curve is a straight line, which counts every tied pair half.
struct RocCurve {
  std::vector<double> false_positive_rate;  ///< rising; NaN where every sample is of the class
  std::vector<double> true_positive_rate;   ///< rising; NaN where no sample is
  std::vector<double> thresholds;           ///< falling
};

namespace detail {

/// The area under the ROC curve by the trapezoid rule, in pairs of a positive and a negative sample, of which there are
/// P·N: the share of pairs in which the positive one scores higher, ties counted half (Hanley and McNeil 1982).
///
///   area = Σᵢ (FPᵢ − FPᵢ₋₁)·(TPᵢ + TPᵢ₋₁) / 2 / (P·N)
double roc_area(const OneAgainstRest& ranking);

/// Whether point i is a corner: not half-way, in both counts, between the points before and behind it.
inline bool is_corner(const std::vector<double>& counts, std::size_t i) {
  return counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
}

}  // namespace detail

/// The ROC curve of class k against the rest. `truth` are class numbers (N), or rows (N, K) of 0 and 1; `scores` (N, K)
/// are probabilities or anything else that is higher for more certain. A point that lies half-way between its
/// neighbours is left out, as by scikit-learn's roc_curve; unlike there (before 1.3) the first threshold is infinite.
/// Throws OptionError when there is no class k, ShapeError and DataError for what cannot be judged, such as a NaN.
RocCurve roc_curve(const TrueClasses& truth, const ScoreTable& scores, Index k);

/// The area under each class's ROC curve against the rest, in [0, 1]: 1/2 for scores that know nothing. NaN, left out
/// of the means, for a class that no sample or every sample is of. (scikit-learn's roc_auc_score refuses these, and
/// from 1.6 on lets them make the macro mean NaN.) Arguments and errors as of `roc_curve`.
///
///   roc_auc(test.labels(), predict_probabilities(model, test)).macro
PerClass roc_auc(const TrueClasses& truth, const ScoreTable& scores);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/roc.ipp"
#endif
