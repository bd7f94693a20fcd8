#pragma once

#include <ostream>

#include "history.hpp"
#include "progress_bar.hpp"

namespace LAMINA_NAMESPACE {

/// A progress bar as the callbacks of `fit`: told of every batch and of every epoch, it shows accuracy and loss, and at
/// the end of an epoch those of the validation set; of numbers RMSE, MAE and R² in place of accuracy. It is handed over by
/// reference:
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

  void operator()(const BatchEnd& batch, Clock::time_point now = Clock::now());

  void operator()(const EpochEnd& epoch, Clock::time_point now = Clock::now());

 private:
  ProgressBar bar_;
  Clock::time_point idle_since_;  ///< when the last epoch ended: the next begins before its first batch is told
  bool in_epoch_ = false;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/training_progress.ipp"
#endif
