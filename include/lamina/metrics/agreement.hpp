#pragma once

#include "confusion_matrix.hpp"

namespace LAMINA_NAMESPACE {

// These metrics summarise in one number how well predictions agree with labels. They are fairer than accuracy if classes
// have unequal sizes. With C[i,j] the samples of class i that were predicted as class j, N of them in all,
//
//   t[i] = Σⱼ C[i,j]        p[j] = Σᵢ C[i,j]

/// The weight of predicting class j for class i in `cohen_kappa`.
enum class Disagreement {
  any,       ///< w = [i ≠ j]
  linear,    ///< w = |i − j|, for classes on an ordered scale
  quadratic  ///< w = (i − j)²
};

namespace detail {

double disagreement(Disagreement weight, Index apart);

}  // namespace detail

/// Returns Cohen's kappa: 1 for perfect agreement, 0 for what chance would give with the same t and p.
///
///   κ = 1 − Σ w[i,j]·C[i,j] / Σ w[i,j]·t[i]·p[j]/N
///
/// Cohen 1960, A coefficient of agreement for nominal scales; weighted: Cohen 1968. It is NaN if all samples have one
/// class and were predicted as it: chance agrees as well. It equals scikit-learn's cohen_kappa_score with all K labels
/// given. Throws DataError if nothing was counted.
double cohen_kappa(const ConfusionMatrix& confusion, Disagreement weight = Disagreement::any);

/// Returns Matthews' correlation of labels and predictions, for any number of classes: 1 for perfect agreement, 0 for none.
///
///   ρ = (N·Σₖ C[k,k] − Σₖ t[k]·p[k]) / √((N² − Σₖ t[k]²)·(N² − Σₖ p[k]²))
///
/// Gorodkin 2004, Comparing two K-category assignments by a K-category correlation coefficient, eq. 8. It is 0 if all
/// samples have one class or were predicted as one. It equals scikit-learn's matthews_corrcoef. Throws DataError if
/// nothing was counted.
double matthews_correlation(const ConfusionMatrix& confusion);

/// Returns the mean recall of the classes that have samples: the accuracy if all of these had equally many.
///
///   Σₖ C[k,k] / t[k] / (number of k with t[k] > 0)
///
/// It equals scikit-learn's balanced_accuracy_score. Throws DataError if nothing was counted.
double balanced_accuracy(const ConfusionMatrix& confusion);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/agreement.ipp"
#endif
