#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fit_plan.hpp"
#include "fit_progress.hpp"
#include "fit_work.hpp"
#include "run_progress.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A run of `fit`, epoch after epoch, for models of float and of double: FitWork knows which.
class FitLoop {
  using Clock = std::chrono::steady_clock;

 public:
  explicit FitLoop(FitWork& work);

  History run();

 private:
  /// Goes on with the run that was kept, or keeps this one for the first time.
  [[gnu::cold]] void begin(History& history);

  /// Judges an epoch and tells of it. Returns whether the run is to stop.
  bool end_epoch(EpochRecord& record, std::span<const EpochRecord> continued);

  void close_epoch(History& history, bool end);

  /// Tells early stopping and a plateau's rate of an epoch.
  void judge(const EpochRecord& record);

  void note_best();

  /// Trains what is left of the run.
  [[gnu::cold]] void train(History& history);

  /// Gives the model the average of its weights, where one is asked for, or the best epoch's weights again.
  void finish(History& history);

  /// Gives the model the best epoch's parameters, buffers included, where they are asked for and there was such an epoch.
  void restore_best();

  /// Does so when an exception ends the run. The best epoch's weights win over those that the exception left, and over θ
  /// where there is an average.
  void rescue_best();

  /// Trains one epoch, in an order of its own, or what is left of it. Returns whether every sample had its turn.
  bool train_epoch(History& history);

  /// Returns the largest shard of any batch if a worker may have a smaller one, or none, in the first batch, else 0. The
  /// last batch is smaller than the others, but may be cut into fewer.
  Index shard_to_reserve() const;

  /// Trains on the next batch. Returns its loss.
  double train_batch(double rate, EpochRecord& record);

  [[noreturn, gnu::cold]] void tell_divergence(const StepSamples& samples, const char* diverged, const EpochRecord& record);

  StepPlan step_plan(Index epoch, double rate) const;

  /// Makes room for the learning rates of some steps of each epoch, and notes those of the epochs behind it.
  [[gnu::cold]] void begin_rates(History& history);

  /// Notes a step's learning rate where it is one of these.
  void note_rate(History& history, const EpochRecord& record, Index batch) const;

  FitWork& work_;
  const FitPlan& plan_;
  std::vector<Index> order_;  // in which the epoch visits the samples
  RunProgress progress_;
  std::unique_ptr<RunKeeping> keeping_;  // none, unless the options say so
  std::unique_ptr<FitProgress> shown_;   // none, unless they say so, too
  Rng rng_;                              // the epoch's: its order, and how each sample is varied
  Index steps_between_rates_ = 1;
  bool stopping_ = false, reserved_ = false;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/fit_loop.ipp"
#endif
