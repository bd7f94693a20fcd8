#pragma once

#include "../regression_scores.hpp"

#include <cmath>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void ErrorSums::clear() {
  for (Output& sum : sums_) sum = {};
  samples_ = 0;
}

LAMINA_FUNC RegressionScores ErrorSums::of_output(Index k) const {
  const auto at = static_cast<std::size_t>(k);
  const Output& sum = sums_[at];
  const double N = static_cast<double>(samples_), unit = units_.empty() ? 1 : units_[at];
  RegressionScores scores{unit * std::sqrt(sum.squares / N), unit * (sum.sizes / N), 1 - sum.squares / sum.spread};
  if (sum.spread == 0 && !std::isnan(sum.squares)) scores.r2 = sum.squares == 0;
  return scores;
}

LAMINA_FUNC RegressionScores ErrorSums::mean() const {
  const double K = static_cast<double>(outputs());
  RegressionScores mean;
  for (Index k = 0; k < outputs(); ++k) {
    const RegressionScores one = of_output(k);
    mean.rmse += one.rmse;
    mean.mae += one.mae;
    mean.r2 += one.r2;
  }
  return {mean.rmse / K, mean.mae / K, mean.r2 / K};
}

LAMINA_FUNC void ErrorSums::add(const ErrorSums& next) {
  if (next.samples_ == 0) return;
  const Merge merge(samples_, next.samples_);
  for (std::size_t k = 0; k < sums_.size(); ++k) merge(sums_[k], next.sums_[k]);
  samples_ += next.samples_;
}

}  // namespace lamina::detail
