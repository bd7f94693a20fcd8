#pragma once

#include <array>
#include <ostream>

#include "history.hpp"
#include "progress_bar.hpp"

namespace lamina {

/// A progress bar as the callbacks of `fit`: told of every batch and of every epoch, it shows accuracy and loss, and at
/// the end of an epoch those of the validation set. It is handed over by reference:
///
///   TrainingProgress progress{std::cout, Terminal::detect(stdout)};
///   … .on_batch = std::ref(progress), .on_epoch = std::ref(progress) …
class TrainingProgress {
 public:
  using Clock = ProgressBar::Clock;

  /// The stream must outlive it. The first epoch's time begins at `now`.
  TrainingProgress(std::ostream& out, const Terminal& terminal, Clock::time_point now = Clock::now())
      : bar_(out, terminal), idle_since_(now) {}

  /// See ProgressBar: lines before an epoch is over.
  void report_every(Clock::duration interval) { bar_.report_every(interval); }

  void operator()(const BatchEnd& batch, Clock::time_point now = Clock::now()) {
    if (!in_epoch_ || batch.batch == 0) bar_.start(batch.epoch + 1, batch.epochs, batch.batches, idle_since_);
    in_epoch_ = true;
    bar_.update(batch.batch + 1, {{"accuracy", batch.accuracy}, {"loss", batch.loss}}, now);
  }

  void operator()(const EpochEnd& epoch, Clock::time_point now = Clock::now()) {
    const EpochRecord& record = epoch.record;
    std::array<ProgressBar::Value, 4> values{{{"accuracy", record.accuracy}, {"loss", record.loss}, {}, {}}};
    std::size_t many = 2;
    if (record.validation_accuracy) values[many++] = {"val_accuracy", *record.validation_accuracy};
    if (record.validation_loss) values[many++] = {"val_loss", *record.validation_loss};
    bar_.finish(ProgressBar::Values(values).first(many), now);
    in_epoch_ = false;
    idle_since_ = now;
  }

 private:
  ProgressBar bar_;
  Clock::time_point idle_since_;  ///< when the last epoch ended: the next begins before its first batch is told
  bool in_epoch_ = false;
};

}  // namespace lamina
