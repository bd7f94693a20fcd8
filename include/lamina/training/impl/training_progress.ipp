#pragma once

#include "../training_progress.hpp"

#include <array>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void TrainingProgress::operator()(const BatchEnd& batch, Clock::time_point now) {
  if (!in_epoch_ || batch.batch == 0) bar_.start(batch.epoch + 1, batch.epochs, batch.batches, idle_since_);
  in_epoch_ = true;
  bar_.update(batch.batch + 1, {{"accuracy", batch.accuracy}, {"loss", batch.loss}}, now);
}

LAMINA_FUNC void TrainingProgress::operator()(const EpochEnd& epoch, Clock::time_point now) {
  const EpochRecord& record = epoch.record;
  std::array<ProgressBar::Value, 4> values{{{"accuracy", record.accuracy}, {"loss", record.loss}, {}, {}}};
  std::size_t many = 2;
  if (record.validation_accuracy) values[many++] = {"val_accuracy", *record.validation_accuracy};
  if (record.validation_loss) values[many++] = {"val_loss", *record.validation_loss};
  bar_.finish(ProgressBar::Values(values).first(many), now);
  in_epoch_ = false;
  idle_since_ = now;
}

}  // namespace lamina
