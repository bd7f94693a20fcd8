#pragma once

#include "confusion_matrix.hpp"

namespace LAMINA_NAMESPACE {

// Single numbers that say how well predictions agree with labels, fairer than accuracy where classes are of unequal
// sizes. With C[i,j] the samples of class i that were taken for class j, N of them in all,
//
//   t[i] = Σⱼ C[i,j]        p[j] = Σᵢ C[i,j]

/// What `cohen_kappa` holds against taking class i for class j.
enum class Disagreement {
  any,       ///< w = [i ≠ j]
  linear,    ///< w = |i − j|, for classes that are steps of a scale
  quadratic  ///< w = (i − j)²
};

namespace detail {

double disagreement(Disagreement weight, Index apart);

}  // namespace detail

/// Cohen's kappa: 1 for perfect agreement, 0 for what chance would give, with the same t and p.
///
///   κ = 1 − Σ w[i,j]·C[i,j] / Σ w[i,j]·t[i]·p[j]/N
///
/// Cohen 1960, A coefficient of agreement for nominal scales; weighted: Cohen 1968. NaN where all samples are of one
/// class and were taken for it: chance alone agrees as well. As scikit-learn's cohen_kappa_score with all K labels
/// given. Throws DataError when nothing was counted.
double cohen_kappa(const ConfusionMatrix& confusion, Disagreement weight = Disagreement::any);

/// Matthews' correlation of labels and predictions, for any number of classes: 1 for perfect agreement, 0 for none.
///
///   ρ = (N·Σₖ C[k,k] − Σₖ t[k]·p[k]) / √((N² − Σₖ t[k]²)·(N² − Σₖ p[k]²))
///
/// Gorodkin 2004, Comparing two K-category assignments by a K-category correlation coefficient, eq. 8. 0 where all
/// samples are of one class or were taken for one. As scikit-learn's matthews_corrcoef. Throws DataError when nothing
/// was counted.
double matthews_correlation(const ConfusionMatrix& confusion);

/// The mean recall of the classes that have samples: accuracy as it would be if all of these had as many.
///
///   Σₖ C[k,k] / t[k] / (number of k with t[k] > 0)
///
/// As scikit-learn's balanced_accuracy_score. Throws DataError when nothing was counted.
double balanced_accuracy(const ConfusionMatrix& confusion);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/agreement.ipp"
#endif
