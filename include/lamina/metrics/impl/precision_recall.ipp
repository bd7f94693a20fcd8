#pragma once

#include "../precision_recall.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double precision_area(const OneAgainstRest& ranking) {
  double area = 0, tp = 0;
  for (std::size_t i = 0; i < ranking.thresholds.size(); ++i) {
    const double correct = ranking.true_positives[i];
    area += (correct - tp) * correct / (correct + ranking.false_positives[i]);
    tp = correct;
  }
  return ranking.positives() == 0 ? 0 : area / ranking.positives();
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC PrecisionRecallCurve precision_recall_curve(const detail::TrueClasses& truth, const ScoreTable& scores, Index k) {
  truth.check("precision_recall_curve", scores);
  scores.check_finite("precision_recall_curve");
  detail::check_class_asked("precision_recall_curve", k, scores.classes());
  const detail::OneAgainstRest ranking(truth, scores, k);
  PrecisionRecallCurve curve;
  for (std::size_t i = ranking.thresholds.size(); i-- > 0;) {
    const double correct = ranking.true_positives[i];
    curve.precision.push_back(correct / (correct + ranking.false_positives[i]));
    curve.recall.push_back(ranking.positives() == 0 ? 1 : correct / ranking.positives());
    curve.thresholds.push_back(ranking.thresholds[i]);
  }
  curve.precision.push_back(1);
  curve.recall.push_back(0);
  return curve;
}

LAMINA_FUNC PerClass average_precision(const detail::TrueClasses& truth, const ScoreTable& scores) {
  truth.check("average_precision", scores);
  scores.check_finite("average_precision");
  return detail::of_each_class(truth, scores, detail::precision_area);
}

}  // namespace lamina
