#pragma once

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE {

/// An exponential moving average of the parameters, over the steps of a run: an option of `fit`. With θₜ the parameters
/// after step t,
///
///   a₁ = θ₁        aₜ = decay·aₜ₋₁ + (1 − decay)·θₜ           torch.optim.swa_utils.get_ema_multi_avg_fn
///
/// Training goes on with θ. Whatever is asked between epochs sees a: the validation set is judged by it, on_epoch finds it in
/// the model, so that Checkpoints save it, and early stopping keeps it as the best weights. At the end the model has a, and
/// θ is forgotten; a kept run has both (see RunFolder). In on_batch, and after an exception, the model has θ; but early
/// stopping's best weights, which are those of a, win over both where they are restored. What on_epoch writes into the model
/// becomes the average, and training goes on with θ.
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
