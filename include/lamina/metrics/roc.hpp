#pragma once

#include <vector>

#include "one_vs_rest.hpp"

namespace LAMINA_NAMESPACE {

/// The receiver operating characteristic of one class against the rest (Fawcett 2006, An introduction to ROC analysis).
/// If the samples that score at least a threshold are predicted as the class,
///
///   true positive rate  = TP / P        P samples of the class, TP of them predicted as it
///   false positive rate = FP / N        N other samples, FP of them predicted as it
///
/// from the point (0, 0), whose threshold is infinite, to (1, 1), along the falling scores. Samples with equal scores are
/// counted together: there the curve is a straight line, which counts every tied pair half.
struct RocCurve {
  std::vector<double> false_positive_rate;  ///< rising; NaN if every sample has the class
  std::vector<double> true_positive_rate;   ///< rising; NaN if no sample has it
  std::vector<double> thresholds;           ///< falling
};

namespace detail {

/// Returns the area under the ROC curve by the trapezoid rule. Of the P·N pairs of a positive and a negative sample, it
/// is the share in which the positive one scores higher, with ties counted half (Hanley and McNeil 1982).
///
///   area = Σᵢ (FPᵢ − FPᵢ₋₁)·(TPᵢ + TPᵢ₋₁) / 2 / (P·N)
double roc_area(const OneAgainstRest& ranking);

/// Returns whether point i is a corner: not half-way, in both counts, between its neighbours.
inline bool is_corner(const std::vector<double>& counts, std::size_t i) {
  return counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
}

}  // namespace detail

/// Returns the ROC curve of class k against the rest. `truth` holds class numbers (N), or rows (N, K) of 0 and 1;
/// `scores` (N, K) are probabilities or other numbers that are higher for more certain. It leaves out a point half-way
/// between its neighbours, as scikit-learn's roc_curve does; the first threshold is infinite, as there from 1.3 on.
/// Throws OptionError if there is no class k, ShapeError and DataError for invalid input, such as a NaN.
RocCurve roc_curve(const detail::TrueClasses& truth, const ScoreTable& scores, Index k);

/// Returns the area under each class's ROC curve against the rest, in [0, 1]: 1/2 for random scores. It is NaN, and left
/// out of the means, for a class that no sample or every sample has. (scikit-learn's roc_auc_score throws for these; from
/// 1.6 on its macro mean is NaN.) Arguments and errors are those of `roc_curve`.
///
///   roc_auc(test.labels(), predict_probabilities(model, test)).macro
PerClass roc_auc(const detail::TrueClasses& truth, const ScoreTable& scores);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/roc.ipp"
#endif
