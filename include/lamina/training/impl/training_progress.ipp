#pragma once

#include "../training_progress.hpp"

#include <array>

namespace LAMINA_NAMESPACE::detail {

/// The figures that a progress bar shows.
class ShownValues {
 public:
  ProgressBar::Values all() const { return ProgressBar::Values(values_).first(many_); }

  void add(const std::optional<RegressionScores>& regression, double accuracy, double loss) {
    if (regression)
      add({{"rmse", regression->rmse}, {"mae", regression->mae}, {"r2", regression->r2}, {"loss", loss}});
    else
      add({{"accuracy", accuracy}, {"loss", loss}});
  }

  void add_validation(const EpochRecord& record) {
    if (const auto& regression = record.validation_regression)
      add({{"val_rmse", regression->rmse}, {"val_mae", regression->mae}, {"val_r2", regression->r2}});
    if (record.validation_accuracy) add({{"val_accuracy", *record.validation_accuracy}});
    if (record.validation_loss) add({{"val_loss", *record.validation_loss}});
  }

 private:
  void add(ProgressBar::List more) {
    for (const ProgressBar::Value& value : more) values_[many_++] = value;
  }

  std::array<ProgressBar::Value, 9> values_{};
  std::size_t many_ = 0;
};

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void TrainingProgress::operator()(const BatchEnd& batch, Clock::time_point now) {
  if (!in_epoch_ || batch.batch == 0) bar_.start(batch.epoch + 1, batch.epochs, batch.batches, idle_since_);
  in_epoch_ = true;
  detail::ShownValues values;
  values.add(batch.regression, batch.accuracy, batch.loss);
  bar_.update(batch.batch + 1, values.all(), now);
}

LAMINA_FUNC void TrainingProgress::operator()(const EpochEnd& epoch, Clock::time_point now) {
  const EpochRecord& record = epoch.record;
  detail::ShownValues values;
  values.add(record.regression, record.accuracy, record.loss);
  values.add_validation(record);
  bar_.finish(values.all(), now);
  in_epoch_ = false;
  idle_since_ = now;
}

}  // namespace lamina
