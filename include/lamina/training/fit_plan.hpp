#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <span>

#include "../data/batches.hpp"
#include "checks.hpp"
#include "fit_options.hpp"
#include "parameter_groups.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The options of `fit` and the number of samples, without the type of the data. It refers to the options.
struct FitPlan {
  Index epochs, batch_size, accumulate, samples;
  std::uint64_t seed;
  Index threads;
  std::optional<Index> shards;
  int rank;  // of the samples
  bool winograd, judged, progress;
  Precision precision;
  const Schedule& schedule;
  const std::optional<EarlyStopping>& early_stopping;
  const std::optional<ReduceOnPlateau>& on_plateau;
  const Reducer& reduce;
  const GradientClipping& clip;
  const std::optional<EMA>& average;
  const Augmentation& augment;
  const Mixing& mix;
  const CheckpointStore& checkpoint;
  const std::function<void(BatchEnd&)>& on_batch;
  const std::function<void(EpochEnd&)>& on_epoch;
  std::span<const ParameterGroup> groups = {};  // those of the trainer

  /// Returns the number of shards of a step of this size.
  Index shards_of(Index size) const {
    return (std::min)(shards.value_or(default_shards((std::min)(size, batch_size))), size);
  }

  /// Returns the number of samples of every step but the last of an epoch.
  Index whole_step() const { return batch_size > samples / accumulate ? samples : batch_size * accumulate; }

  /// Returns the number of steps of an epoch. `rest` returns the number of samples of a smaller last step, or 0.
  Index steps() const { return (samples - 1) / whole_step() + 1; }
  Index rest() const { return samples % whole_step(); }

  /// Returns the processes that train together, or null.
  ProcessGroup* group() const { return reduce.group(); }

  /// Returns which shards of a step of this size are this process's.
  PartRange own_shards(Index size) const {
    const Index all = shards_of(size);
    return group() ? group()->own(all) : PartRange{0, all};
  }

  /// Returns the number of threads that have something to do.
  Index useful_threads() const { return (std::min)(threads, (std::max)(own_shards(whole_step()).size(), Index{1})); }

  /// Throws OptionError for invalid options, in the name of fit.
  [[gnu::cold]] inline void check() const;
};

template <int Rank>
FitPlan plan_of(const FitOptions<Rank>& options, Index samples) {
  return {.epochs = options.epochs, .batch_size = options.batch_size,
          .accumulate = options.accumulate, .samples = samples, .seed = options.seed,
          .threads = options.threads, .shards = options.shards, .rank = Rank,
          .winograd = options.winograd, .judged = bool(options.validation), .progress = options.progress,
          .precision = options.precision, .schedule = options.schedule, .early_stopping = options.early_stopping, .on_plateau = options.on_plateau,
          .reduce = options.reduce, .clip = options.clip,
          .average = options.average, .augment = options.augment, .mix = options.mix, .checkpoint = options.checkpoint,
          .on_batch = options.on_batch, .on_epoch = options.on_epoch, .groups = {}};
}

inline void FitPlan::check() const {
  check_at_least_one("fit", "epochs", epochs);
  check_at_least_one("fit", "batch_size", batch_size);
  check_at_least_one("fit", "accumulate", accumulate);
  check_at_least_one("fit", "threads", threads);
  if (shards) check_at_least_one("fit", "shards", *shards);
  if (!schedule)
    throw OptionError("fit: expects a schedule but got an empty function; leave it out for a constant rate");
  check_augmentation("fit", augment, rank);
  check_mixing("fit", mix, rank);
  clip.check("fit");
  if (average) average->check("fit");
  if (early_stopping) early_stopping->check(judged);
  if (on_plateau) on_plateau->check(judged);
}

}  // namespace lamina::detail
