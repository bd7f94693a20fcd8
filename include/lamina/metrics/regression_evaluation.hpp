#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "regression_scores.hpp"
#include "score_table.hpp"

namespace LAMINA_NAMESPACE {

/// The errors of a network's predictions for a regression set. `std::cout << evaluate_regression(model, test)` prints them.
struct RegressionEvaluation {
  double rmse = 0, mae = 0, r2 = 0;         ///< means over the outputs, see RegressionScores
  std::vector<RegressionScores> outputs{};  ///< per output
  std::vector<std::string> names{};         ///< of the outputs; may be empty
  Index samples = 0;

  /// Compares a row of predictions with a row of targets for each sample, (N, K) both. Throws ShapeError for other shapes
  /// and DataError if there are no numbers.
  RegressionEvaluation(const ScoreTable& targets, const ScoreTable& predictions, std::vector<std::string> output_names = {});

  RegressionEvaluation(const detail::ErrorSums& sums, std::vector<std::string> output_names);

  /// Prints the scores, and a table if there are several outputs.
  ///
  ///   RMSE 0.4128, MAE 0.3011, R² 0.9312 (500 samples)
  ///
  ///   output        RMSE         MAE          R²
  ///   height      0.5012      0.3804      0.9120
  ///   weight      0.3244      0.2218      0.9504
  friend std::ostream& operator<<(std::ostream& out, const RegressionEvaluation& evaluation) {
    return out << evaluation.text();
  }

 private:
  std::string text() const;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/regression_evaluation.ipp"
#endif
