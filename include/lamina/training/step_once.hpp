#pragma once

#include <algorithm>
#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "train_step.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The options of `step`, with defaults filled in.
struct StepSettings {
  std::optional<Index> threads;
  Index shards;
  double rate;
  const Reducer& reduce;
  const GradientClipping& clip;
  std::uint64_t seed;
  Precision precision;

  /// Throws OptionError for invalid options.
  [[gnu::cold]] void check() const;
};

/// A scope that takes the state of a trainer's steps out of its place during a step and puts it back, also after an
/// exception. Changes to the trainer meanwhile do not affect the step. Throws OptionError if a step of the same trainer
/// is already running, which means that its reducer, loss, layer or optimizer called this one.
class StepState {
 public:
  [[gnu::cold]] explicit StepState(std::any& place);
  StepState(const StepState&) = delete;
  StepState& operator=(const StepState&) = delete;
  [[gnu::cold]] ~StepState();

  std::any& operator*() { return state_; }

 private:
  /// A placeholder during the step. A copy of the trainer holds one that points to the original.
  struct Taken {
    const std::any* place;
  };
  bool is_taken() const;

  std::any& place_;
  std::any state_;
};

/// The state that `step` keeps from one call to the next: a run and its threads.
template <typename T>
class StepRun {
 public:
  StepRun(const BasicModel<T>& model, const LossView<T>& loss, const OptimizerView<T>& optimizer,
          std::span<const ParameterGroup> groups)
      : run_(model, loss, optimizer, {.who = "step", .groups = groups}) {}

  /// Copies the optimizer's state. The copy starts its own threads.
  StepRun(const StepRun& other) : run_(other.run_) {}
  StepRun& operator=(const StepRun&) = delete;

  TrainStep<T>& run() { return run_; }

  /// Makes one step with a batch. Throws DivergenceError if numbers are not finite.
  StepResult operator()(BasicModel<T>& model, const SamplesRef<T>& batch, const StepSettings& settings);

 private:
  /// Returns a pool with as many threads as have something to do, of those that are allowed. It starts new threads if it
  /// needs more than before, or if fewer are allowed.
  ThreadPool& thread_pool_for(Index shards, std::optional<Index> threads);

  TrainStep<T> run_;
  std::unique_ptr<ThreadPool> thread_pool_;
  Index hardware_threads_ = hardware_threads();
  Index reserved_ = 0;  // number of samples per shard that each thread has memory for
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/step_once.ipp"
#endif
