#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

#include "../core/thread_pool.hpp"
#include "../data/augmentation.hpp"
#include "../data/dataset_ref.hpp"
#include "../data/mixing.hpp"
#include "../models/precision.hpp"
#include "checkpoint_store.hpp"
#include "early_stopping.hpp"
#include "history.hpp"
#include "moving_average.hpp"
#include "plateau.hpp"
#include "schedules.hpp"
#include "step_plan.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `fit`.
///
/// `.batch_size = 32, .accumulate = 4` makes the same steps as `.batch_size = 128`, up to rounding. It keeps only as many
/// gradients in memory as a batch of 32 needs, one per shard. The last step of an epoch takes the remaining samples.
/// Callbacks, schedules and progress count these steps.
template <int Rank>
struct FitOptions {
  Index epochs = 1;                            // of this call, which always begins with epoch 1: see Trainer::fit
  Index batch_size = 32;
  Index accumulate = 1;                        // batches whose gradients are added up for one step; see above
  std::uint64_t seed = 0;                      // decides every epoch's order of samples, Dropout masks and augmentation;
                                               // calls of `fit` with the same seed have the same ones
  Index threads = hardware_threads();          // changes the time, not one bit of the result
  std::optional<Index> shards{};               // per batch; default_shards(batch size) unless given
  bool winograd = true;                        // convolutions may use Winograd's algorithm, see Context
  Precision precision = Precision::float32;    // the numbers that convolutions and dense layers multiply
  Schedule schedule = Constant{};              // factor of the learning rate, over all steps of the run
  detail::DatasetRef<Rank> validation{};       // a set, by its name, that is judged after every epoch
  std::optional<EarlyStopping> early_stopping{};
  std::optional<ReduceOnPlateau> on_plateau{};  // another factor of the learning rate, times the schedule
  Reducer reduce{};                            // changes every step's gradient before clipping
  GradientClipping clip{};                     // clips every step's gradient
  std::optional<EMA> average{};                // average of the parameters over the steps; evaluated, saved and returned
  Augmentation augment{};                      // random changes of training images; the validation set is never changed
  Mixing mix{};                                // mixes each training sample with another one: MixUp, CutMix
  CheckpointStore checkpoint{};                // keeps the run so that it can be continued later: see CheckpointFolder
  bool progress = false;                       // shows progress on standard output: a bar in a terminal, otherwise lines
  std::function<void(BatchEnd&)> on_batch{};   // called after every batch …
  std::function<void(EpochEnd&)> on_epoch{};   // … and epoch, on the caller's thread
};

}  // namespace lamina
