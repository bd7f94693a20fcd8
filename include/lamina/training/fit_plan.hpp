#pragma once

#include <algorithm>
#include <functional>
#include <optional>

#include "../data/batches.hpp"
#include "checks.hpp"
#include "fit_options.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The options of `fit`, and how many samples there are, without the type of the data. Refers to them.
struct FitPlan {
  Index epochs, batch_size, samples;
  std::uint64_t seed;
  Index threads;
  std::optional<Index> shards;
  int rank;  // of the samples
  bool winograd, judged, progress;
  const Schedule& schedule;
  const std::optional<EarlyStopping>& early_stopping;
  const std::optional<ReduceOnPlateau>& on_plateau;
  const GradientClipping& clip;
  const Augmentation& augment;
  const RunKeeper& checkpoint;
  const std::function<void(BatchEnd&)>& on_batch;
  const std::function<void(EpochEnd&)>& on_epoch;

  /// Returns in how many shards a batch of this size is cut.
  Index shards_of(Index size) const { return std::min(shards.value_or(default_shards(size)), size); }

  /// The size of every batch but the last.
  Index whole_batch() const { return std::min(batch_size, samples); }

  /// Returns how many threads have something to do.
  Index useful_threads() const { return std::min(threads, shards_of(whole_batch())); }

  /// Throws OptionError for what cannot be, in the name of fit.
  [[gnu::cold]] inline void check() const;
};

template <int Rank>
FitPlan plan_of(const FitOptions<Rank>& options, Index samples) {
  return {.epochs = options.epochs, .batch_size = options.batch_size, .samples = samples, .seed = options.seed,
          .threads = options.threads, .shards = options.shards, .rank = Rank,
          .winograd = options.winograd, .judged = options.validation != nullptr, .progress = options.progress,
          .schedule = options.schedule, .early_stopping = options.early_stopping, .on_plateau = options.on_plateau,
          .clip = options.clip, .augment = options.augment, .checkpoint = options.checkpoint,
          .on_batch = options.on_batch, .on_epoch = options.on_epoch};
}

inline void FitPlan::check() const {
  check_at_least_one("fit", "epochs", epochs);
  check_at_least_one("fit", "batch_size", batch_size);
  check_at_least_one("fit", "threads", threads);
  if (shards) check_at_least_one("fit", "shards", *shards);
  if (!schedule)
    throw OptionError("fit: expects a schedule but got an empty function; leave it out for a constant rate");
  check_augmentation("fit", augment, rank);
  clip.check("fit");
  if (early_stopping) early_stopping->check(judged);
  if (on_plateau) on_plateau->check(judged);
}

}  // namespace lamina::detail
