#pragma once

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE {

/// An option of `fit` that averages the parameters exponentially over the steps of a run. With θₜ the parameters after
/// step t,
///
///   a₁ = θ₁        aₜ = decay·aₜ₋₁ + (1 − decay)·θₜ           torch.optim.swa_utils.get_ema_multi_avg_fn
///
/// Training continues with θ. Between epochs everything sees a: validation evaluates it, on_epoch finds it in the model,
/// ModelCheckpoint save it, and early stopping keeps it as the best weights. At the end the model has a, and θ is discarded;
/// a checkpoint has both (see CheckpointFolder). In on_batch, and after an exception, the model has θ. The best weights that early
/// stopping restores are averages and replace both. If on_epoch changes the model, it changes the average, and training
/// continues with θ.
///
///   trainer.fit(model, train, {.epochs = 20, .validation = &validation, .average = EMA{.decay = 0.999}});
struct EMA {
  double decay = 0.999;

  /// Throws OptionError in the name of `who` unless 0 ≤ decay < 1.
  void check(const char* who) const;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/moving_average.ipp"
#endif
