#pragma once

#include <ostream>

#include "history.hpp"
#include "progress_bar.hpp"

namespace LAMINA_NAMESPACE {

/// A progress bar as callbacks of `fit`. It shows accuracy and loss after every batch, and those of the validation set at
/// the end of an epoch; for regression it shows RMSE, MAE and R² instead of accuracy. Pass it by reference:
///
///   TrainingProgress progress{std::cout, Terminal::detect(stdout)};
///   … .on_batch = std::ref(progress), .on_epoch = std::ref(progress) …
class TrainingProgress {
 public:
  using Clock = ProgressBar::Clock;

  /// Makes a progress bar on a stream, which must outlive it. The first epoch's time begins at `now`.
  TrainingProgress(std::ostream& out, const Terminal& terminal, Clock::time_point now = Clock::now())
      : bar_(out, terminal), idle_since_(now) {}

  /// Sets how often lines are written during an epoch, see ProgressBar.
  void report_every(Clock::duration interval) { bar_.report_every(interval); }

  void operator()(const BatchEnd& batch, Clock::time_point now = Clock::now());

  void operator()(const EpochEnd& epoch, Clock::time_point now = Clock::now());

 private:
  ProgressBar bar_;
  Clock::time_point idle_since_;  ///< end of the last epoch: the next one begins before its first batch ends
  bool in_epoch_ = false;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/training_progress.ipp"
#endif
