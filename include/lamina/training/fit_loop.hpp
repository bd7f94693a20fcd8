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

/// The loop of `fit` over epochs and batches, for models of float and of double. FitWork knows the scalar type.
class FitLoop {
  using Clock = std::chrono::steady_clock;

 public:
  explicit FitLoop(FitWork& work);

  History run();

 private:
  /// Continues a checkpoint, or keeps this one for the first time.
  [[gnu::cold]] void begin(History& history);

  /// Evaluates an epoch and calls the callbacks. Returns whether the run is to stop.
  bool end_epoch(EpochRecord& record, std::span<const EpochRecord> continued);

  void close_epoch(History& history, bool end);

  /// Passes an epoch's record to early stopping and to the plateau rate.
  void judge(const EpochRecord& record);

  void note_best();

  /// Trains the rest of the run.
  [[gnu::cold]] void train(History& history);

  /// Gives the model the averaged weights, if they are asked for, and restores the best epoch's weights.
  void finish(History& history);

  /// Restores the best epoch's parameters and buffers, if that is asked for and there is such an epoch.
  void restore_best();

  /// Restores them after an exception. They replace the weights that the exception left, and θ if there is an average.
  void rescue_best();

  /// Trains one epoch in its own random order, or the rest of one. Returns whether all samples were used.
  bool train_epoch(History& history);

  /// Returns the largest shard of any batch if the first batch may leave a worker with a smaller one or none, otherwise
  /// 0. The last batch is smaller than the others, but may be cut into fewer shards.
  Index shard_to_reserve() const;

  /// Trains on the next batch. Returns its loss.
  double train_batch(double rate, EpochRecord& record);

  [[noreturn, gnu::cold]] void tell_divergence(const StepSamples& samples, const char* diverged, const EpochRecord& record);

  StepPlan step_plan(Index epoch, double rate) const;

  /// Makes room for the learning rates of some steps of each epoch, and notes those of earlier epochs.
  [[gnu::cold]] void begin_rates(History& history);

  /// Notes a step's learning rate if the step is one of those.
  void note_rate(History& history, const EpochRecord& record, Index batch) const;

  /// Returns what rank 0 says, if several processes train together.
  bool first_says(bool here) { return group_ ? group_->first_says(here) : here; }

  FitWork& work_;
  const FitPlan& plan_;
  ProcessGroup* const group_;  // null unless several processes train together
  const bool tells_;           // whether this process calls the callbacks and shows progress: rank 0
  std::vector<Index> order_;  // order of the samples in this epoch
  RunProgress progress_;
  std::unique_ptr<RunCheckpoints> keeping_;  // null unless the options ask for it
  std::unique_ptr<FitProgress> shown_;       // null unless the options ask for it
  Rng rng_;                                  // the epoch's: decides its order and the augmentation of each sample
  Index steps_between_rates_ = 1;
  bool stopping_ = false, reserved_ = false;
  bool may_stop_ = true;  // whether rank 0 has a callback that may stop the run after a batch
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/fit_loop.ipp"
#endif
