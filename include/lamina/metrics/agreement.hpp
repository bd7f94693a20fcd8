#pragma once

#include <cmath>
#include <limits>

#include "confusion_matrix.hpp"

namespace lamina {

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

inline double disagreement(Disagreement weight, Index apart) {
  if (weight == Disagreement::any) return apart == 0 ? 0 : 1;
  const double steps = static_cast<double>(apart);
  return weight == Disagreement::linear ? steps : steps * steps;
}

}  // namespace detail

/// Cohen's kappa: 1 for perfect agreement, 0 for what chance would give, with the same t and p.
///
///   κ = 1 − Σ w[i,j]·C[i,j] / Σ w[i,j]·t[i]·p[j]/N
///
/// Cohen 1960, A coefficient of agreement for nominal scales; weighted: Cohen 1968. NaN where all samples are of one
/// class and were taken for it: chance alone agrees as well. As scikit-learn's cohen_kappa_score with all K labels
/// given. Throws DataError when nothing was counted.
inline double cohen_kappa(const ConfusionMatrix& confusion, Disagreement weight = Disagreement::any) {
  const double N = static_cast<double>(detail::check_counted("cohen_kappa", confusion));
  double observed = 0, expected = 0;
  for (Index i = 0; i < confusion.classes(); ++i) {
    const double t = static_cast<double>(confusion.labelled(i));
    for (Index j = 0; j < confusion.classes(); ++j) {
      const double w = detail::disagreement(weight, i < j ? j - i : i - j);
      observed += w * static_cast<double>(confusion(i, j));
      expected += w * t * static_cast<double>(confusion.predicted(j)) / N;
    }
  }
  return expected > 0 ? 1 - observed / expected : std::numeric_limits<double>::quiet_NaN();
}

/// Matthews' correlation of labels and predictions, for any number of classes: 1 for perfect agreement, 0 for none.
///
///   ρ = (N·Σₖ C[k,k] − Σₖ t[k]·p[k]) / √((N² − Σₖ t[k]²)·(N² − Σₖ p[k]²))
///
/// Gorodkin 2004, Comparing two K-category assignments by a K-category correlation coefficient, eq. 8. 0 where all
/// samples are of one class or were taken for one. As scikit-learn's matthews_corrcoef. Throws DataError when nothing
/// was counted.
inline double matthews_correlation(const ConfusionMatrix& confusion) {
  const double N = static_cast<double>(detail::check_counted("matthews_correlation", confusion));
  double together = 0, of_labels = 0, of_predictions = 0;
  for (Index k = 0; k < confusion.classes(); ++k) {
    const double t = static_cast<double>(confusion.labelled(k)), p = static_cast<double>(confusion.predicted(k));
    together += t * p;
    of_labels += t * t;
    of_predictions += p * p;
  }
  const double spread = (N * N - of_labels) * (N * N - of_predictions);
  return spread > 0 ? (N * static_cast<double>(confusion.correct()) - together) / std::sqrt(spread) : 0;
}

/// The mean recall of the classes that have samples: accuracy as it would be if all of these had as many.
///
///   Σₖ C[k,k] / t[k] / (number of k with t[k] > 0)
///
/// As scikit-learn's balanced_accuracy_score. Throws DataError when nothing was counted.
inline double balanced_accuracy(const ConfusionMatrix& confusion) {
  detail::check_counted("balanced_accuracy", confusion);
  double sum = 0, present = 0;
  for (Index k = 0; k < confusion.classes(); ++k) {
    const Index t = confusion.labelled(k);
    if (t == 0) continue;
    sum += static_cast<double>(confusion(k, k)) / static_cast<double>(t);
    present += 1;
  }
  return sum / present;
}

}  // namespace lamina
