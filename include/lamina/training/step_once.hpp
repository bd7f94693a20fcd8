#pragma once

#include <cstdint>

#include "training_run.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The options of `step`, with what was not given.
struct StepSettings {
  Index shards;
  double rate;
  const Reducer& reduce;
  const GradientClipping& clip;
  std::uint64_t seed;

  /// Throws OptionError for what cannot be.
  [[gnu::cold]] void check() const;
};

/// Makes one step with a batch, on the caller's thread. Throws DivergenceError when numbers are not finite.
template <typename T>
StepResult step_once(TrainingRun<T>& run, BasicModel<T>& model, const SamplesRef<T>& batch, const StepSettings& settings);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/step_once.ipp"
#endif
