#pragma once

#include "../log_record.hpp"

#include <array>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Adds RMSE, MAE and R² under these names.
LAMINA_FUNC void add_scores(LogRecord& record, const std::array<std::string_view, 3>& names,
                            const std::optional<RegressionScores>& scores) {
  const auto add = [&](std::size_t i, double RegressionScores::*figure) {
    record.push_back({names[i], scores ? std::optional((*scores).*figure) : std::nullopt});
  };
  add(0, &RegressionScores::rmse);
  add(1, &RegressionScores::mae);
  add(2, &RegressionScores::r2);
}

LAMINA_FUNC LogRecord log_record(const EpochRecord& epoch) {
  LogRecord record{{"epoch", static_cast<double>(epoch.epoch + 1)}, {"loss", epoch.loss}};
  if (epoch.regression)
    add_scores(record, {"rmse", "mae", "r2"}, epoch.regression);
  else
    record.push_back({"accuracy", epoch.accuracy});
  record.insert(record.end(), {{"learning_rate", epoch.learning_rate}, {"validation_loss", epoch.validation_loss}});
  if (epoch.validation_regression || (epoch.regression && !epoch.validation_accuracy))
    add_scores(record, {"validation_rmse", "validation_mae", "validation_r2"}, epoch.validation_regression);
  else
    record.push_back({"validation_accuracy", epoch.validation_accuracy});
  record.insert(record.end(), {{"seconds", epoch.seconds}, {"images_per_second", epoch.images_per_second}});
  return record;
}

LAMINA_FUNC LogRecord log_record(const BatchEnd& batch) {
  LogRecord record{{"epoch", static_cast<double>(batch.epoch + 1)},
                   {"batch", static_cast<double>(batch.batch + 1)},
                   {"batch_loss", batch.batch_loss},
                   {"loss", batch.loss}};
  if (batch.regression)
    add_scores(record, {"rmse", "mae", "r2"}, batch.regression);
  else
    record.push_back({"accuracy", batch.accuracy});
  record.push_back({"learning_rate", batch.learning_rate});
  return record;
}

}  // namespace lamina::detail
