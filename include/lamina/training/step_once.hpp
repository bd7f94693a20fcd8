#pragma once

#include <algorithm>
#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "training_run.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The options of `step`, with what was not given.
struct StepSettings {
  std::optional<Index> threads;
  Index shards;
  double rate;
  const Reducer& reduce;
  const GradientClipping& clip;
  std::uint64_t seed;

  /// Throws OptionError for what cannot be.
  [[gnu::cold]] void check() const;
};

/// Takes the state of a trainer's steps out of its place while a step is made, and puts it back, exceptions or not. Whatever
/// is done to the trainer meanwhile, the step's own state stands. Throws OptionError when a step of the same trainer is
/// being made, by whose reducer, loss, layer or optimizer this one was asked for.
class StepState {
 public:
  [[gnu::cold]] explicit StepState(std::any& place);
  StepState(const StepState&) = delete;
  StepState& operator=(const StepState&) = delete;
  [[gnu::cold]] ~StepState();

  std::any& operator*() { return state_; }

 private:
  /// Stands in the place meanwhile. A copy of the trainer has one that is not its own.
  struct Taken {
    const std::any* place;
  };
  bool is_taken() const;

  std::any& place_;
  std::any state_;
};

/// The state that `step` keeps from one call to the next: a run, and the threads that it is made with.
template <typename T>
class StepRun {
 public:
  StepRun(const BasicModel<T>& model, const LossView<T>& loss, const OptimizerView<T>& optimizer,
          std::span<const ParameterGroup> groups)
      : run_(model, loss, optimizer, {.who = "step", .groups = groups}) {}

  /// Copies what the optimizer remembers. The copy starts threads of its own.
  StepRun(const StepRun& other) : run_(other.run_) {}
  StepRun& operator=(const StepRun&) = delete;

  TrainingRun<T>& run() { return run_; }

  /// Makes one step with a batch. Throws DivergenceError when numbers are not finite.
  StepResult operator()(BasicModel<T>& model, const SamplesRef<T>& batch, const StepSettings& settings);

 private:
  /// Returns as many threads as have something to do, of those that are allowed. They are started when there are more than
  /// ever before, or fewer are allowed.
  Crew& crew_for(Index shards, std::optional<Index> threads);

  TrainingRun<T> run_;
  std::unique_ptr<Crew> crew_;
  Index hardware_threads_ = hardware_threads();
  Index reserved_ = 0;  // for each thread, the samples of a shard that it has memory for
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/step_once.ipp"
#endif
