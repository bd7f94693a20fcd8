#pragma once

#include "../agreement.hpp"

#include <cmath>
#include <limits>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double disagreement(Disagreement weight, Index apart) {
  if (weight == Disagreement::any) return apart == 0 ? 0 : 1;
  const double steps = static_cast<double>(apart);
  return weight == Disagreement::linear ? steps : steps * steps;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC double cohen_kappa(const ConfusionMatrix& confusion, Disagreement weight) {
  const double N = static_cast<double>(detail::check_counted("cohen_kappa", confusion));
  double observed = 0, expected = 0;
  const auto apart = [&](Index i, Index j) { return detail::disagreement(weight, i < j ? j - i : i - j); };
  confusion.each_count([&](Index i, Index j, Index count) { observed += apart(i, j) * static_cast<double>(count); });
  for (Index i = 0; i < confusion.classes(); ++i) {
    const double t = static_cast<double>(confusion.labelled(i));
    for (Index j = 0; t > 0 && j < confusion.classes(); ++j)
      expected += apart(i, j) * t * static_cast<double>(confusion.predicted(j)) / N;
  }
  return expected > 0 ? 1 - observed / expected : std::numeric_limits<double>::quiet_NaN();
}

LAMINA_FUNC double matthews_correlation(const ConfusionMatrix& confusion) {
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

LAMINA_FUNC double balanced_accuracy(const ConfusionMatrix& confusion) {
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
