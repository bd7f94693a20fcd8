#pragma once

#include "../regression_evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Adds up the errors, sample by sample.
LAMINA_FUNC ErrorSums error_sums(const ScoreTable& targets, const ScoreTable& predictions) {
  if (targets.shape() != predictions.shape())
    throw ShapeError(str_cat("RegressionEvaluation: expects as many predictions as targets ", targets.shape(),
                             " but got ", predictions.shape()));
  ErrorSums sums(targets.classes());
  std::vector<double> z(static_cast<std::size_t>(targets.classes())), y(z.size());
  for (Index n = 0; n < targets.samples(); ++n) {
    for (Index k = 0; k < targets.classes(); ++k) {
      z[static_cast<std::size_t>(k)] = predictions(n, k);
      y[static_cast<std::size_t>(k)] = targets(n, k);
    }
    sums.add(z.data(), y.data(), 1);
  }
  return sums;
}

/// Returns the outputs that a table lists: all in their order. Of more than 50 it returns those with the lowest R², the
/// worst first.
LAMINA_FUNC std::vector<std::size_t> worst_outputs(const std::vector<RegressionScores>& outputs) {
  constexpr std::ptrdiff_t most = 50;
  std::vector<std::size_t> listed(outputs.size());
  std::iota(listed.begin(), listed.end(), std::size_t{0});
  if (std::ssize(listed) <= most) return listed;
  const auto rank = [&](std::size_t k) { return outputs[k].r2 == outputs[k].r2 ? outputs[k].r2 : -HUGE_VAL; };
  std::stable_sort(listed.begin(), listed.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  listed.resize(most);
  return listed;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC RegressionEvaluation::RegressionEvaluation(const ScoreTable& targets, const ScoreTable& predictions,
                                                       std::vector<std::string> output_names)
    : RegressionEvaluation(detail::error_sums(targets, predictions), std::move(output_names)) {}

LAMINA_FUNC RegressionEvaluation::RegressionEvaluation(const detail::ErrorSums& sums,
                                                       std::vector<std::string> output_names)
    : names(std::move(output_names)), samples(sums.samples()) {
  if (samples == 0 || sums.outputs() == 0)
    throw DataError("RegressionEvaluation: expects at least one target but got none");
  if (!names.empty() && static_cast<Index>(names.size()) != sums.outputs())
    throw OptionError(str_cat("RegressionEvaluation: expects a name for each of the ", sums.outputs(),
                              " outputs, or none, but got ", names.size()));
  const RegressionScores mean = sums.mean();
  rmse = mean.rmse;
  mae = mean.mae;
  r2 = mean.r2;
  for (Index k = 0; k < sums.outputs(); ++k) outputs.push_back(sums.of_output(k));
}

LAMINA_FUNC std::string RegressionEvaluation::text() const {
  std::string text = str_cat("RMSE ", format_value(rmse), ", MAE ", format_value(mae), ", R² ", format_value(r2), " (",
                             format_count(samples), " samples)\n");
  if (outputs.size() < 2) return text;
  const auto name = [&](std::size_t k) { return names.empty() ? std::to_string(k) : printable(names[k]); };
  const auto listed = detail::worst_outputs(outputs);
  Index width = 6;
  for (const std::size_t k : listed) width = (std::max)(width, display_width(name(k)));
  const auto row = [&](const std::string& who, const std::string& a, const std::string& b, const std::string& c) {
    text += align_left(who, width) + align_right(a, 12) + align_right(b, 12) + align_right(c, 12) + '\n';
  };
  text += '\n';
  row("output", "RMSE", "MAE", "R²");
  for (const std::size_t k : listed)
    row(name(k), format_value(outputs[k].rmse), format_value(outputs[k].mae), format_value(outputs[k].r2));
  if (listed.size() < outputs.size())
    text += str_cat("note: the ", listed.size(), " of ", format_count(std::ssize(outputs)),
                    " outputs with the least R² are listed; RegressionEvaluation::outputs has all\n");
  return text;
}

}  // namespace lamina
