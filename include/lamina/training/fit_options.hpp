#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

#include "../core/crew.hpp"
#include "../data/augmentation.hpp"
#include "../data/dataset_ref.hpp"
#include "early_stopping.hpp"
#include "history.hpp"
#include "moving_average.hpp"
#include "plateau.hpp"
#include "run_keeper.hpp"
#include "schedules.hpp"
#include "step_plan.hpp"

namespace LAMINA_NAMESPACE {

/// How `fit` trains. What is not given keeps its default.
///
/// `.batch_size = 32, .accumulate = 4` makes the steps of `.batch_size = 128`, up to rounding, with as many gradients in
/// memory as a batch of 32 needs: one for each of its shards. The last step of an epoch takes what is left. Callbacks,
/// schedules and progress count such steps.
template <int Rank>
struct FitOptions {
  Index epochs = 1;                            // of this call, which begins with epoch 1: see Trainer::fit
  Index batch_size = 32;
  Index accumulate = 1;                        // how many batches' gradients are added up for one step; see below
  std::uint64_t seed = 0;                      // of every epoch's order of samples, Dropout masks and augmentation; another
                                               // call of `fit` with the same seed has the same ones
  Index threads = hardware_threads();          // changes the time it takes, not a bit of the result
  std::optional<Index> shards{};               // per batch; default_shards(its size) unless given
  bool winograd = true;                        // convolutions may use Winograd's algorithm, see Context
  Schedule schedule = Constant{};              // of the learning rate, over all steps of the run
  detail::DatasetRef<Rank> validation{};       // a set, by its name, that is judged after every epoch
  std::optional<EarlyStopping> early_stopping{};
  std::optional<ReduceOnPlateau> on_plateau{};  // of the learning rate, times the schedule
  Reducer reduce{};                            // changes every step's gradient before it is clipped
  GradientClipping clip{};                     // of every step's gradient
  std::optional<EMA> average{};                // of the parameters over the steps: judged, saved and given back for them
  Augmentation augment{};                      // of images: how the training set is varied, never the validation set
  RunKeeper checkpoint{};                      // where the run is kept, to be continued another time: see RunFolder
  bool progress = false;                       // shown on standard output: a bar in a terminal, else lines
  std::function<void(BatchEnd&)> on_batch{};   // called after every batch …
  std::function<void(EpochEnd&)> on_epoch{};   // … and epoch, on the caller's thread
};

}  // namespace lamina
