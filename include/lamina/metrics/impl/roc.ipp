#pragma once

#include "../roc.hpp"

#include <limits>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double roc_area(const OneAgainstRest& ranking) {
  const double pairs = ranking.positives() * ranking.negatives();
  if (pairs == 0) return std::numeric_limits<double>::quiet_NaN();
  double area = 0, tp = 0, fp = 0;
  for (std::size_t i = 0; i < ranking.thresholds.size(); ++i) {
    area += (ranking.false_positives[i] - fp) * (ranking.true_positives[i] + tp) / 2;
    tp = ranking.true_positives[i];
    fp = ranking.false_positives[i];
  }
  return area / pairs;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC RocCurve roc_curve(const detail::TrueClasses& truth, const ScoreTable& scores, Index k) {
  truth.check("roc_curve", scores);
  scores.check_finite("roc_curve");
  detail::check_class_asked("roc_curve", k, scores.classes());
  const detail::OneAgainstRest ranking(truth, scores, k);
  RocCurve curve{{0 / ranking.negatives()}, {0 / ranking.positives()}, {std::numeric_limits<double>::infinity()}};
  const std::size_t last = ranking.thresholds.size() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const bool between = i > 0 && i < last && !detail::is_corner(ranking.true_positives, i) &&
                         !detail::is_corner(ranking.false_positives, i);
    if (between) continue;
    curve.false_positive_rate.push_back(ranking.false_positives[i] / ranking.negatives());
    curve.true_positive_rate.push_back(ranking.true_positives[i] / ranking.positives());
    curve.thresholds.push_back(ranking.thresholds[i]);
  }
  return curve;
}

LAMINA_FUNC PerClass roc_auc(const detail::TrueClasses& truth, const ScoreTable& scores) {
  truth.check("roc_auc", scores);
  scores.check_finite("roc_auc");
  return detail::of_each_class(truth, scores, detail::roc_area);
}

}  // namespace lamina
