#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/digest.hpp"
#include "../core/parameters.hpp"
#include "early_stopping.hpp"
#include "plateau.hpp"
#include "run_settings.hpp"

// What a run of `fit` is made of between two batches, and how it is carried into a KeptRun and out of one.
namespace lamina::detail {

/// The means of an epoch in the making.
struct EpochSum {
  Index samples = 0;
  double loss = 0, hits = 0;
  double seconds = 0;
  double learning_rate = 0;  // of the last step

  void carry(RunArchive& archive) {
    archive.number("epoch.loss", loss);
    archive.number("epoch.hits", hits);
    archive.number("epoch.seconds", seconds);
    archive.number("epoch.learning_rate", learning_rate);
  }

  /// What they come to so far.
  void tell(EpochRecord& record) const {
    if (samples == 0) return;
    record.loss = loss / static_cast<double>(samples);
    record.accuracy = hits / static_cast<double>(samples);
    record.learning_rate = learning_rate;
    record.seconds = seconds;
    record.images_per_second = static_cast<double>(samples) / std::max(seconds, 1e-9);
  }
};

/// The records of the first `count` epochs, those that are whole.
[[gnu::cold]] inline void carry_history(RunArchive& archive, std::vector<EpochRecord>& records, Index count,
                                        bool judged) {
  archive.expect_column("history.loss", count);
  if (archive.reads()) records.assign(static_cast<std::size_t>(count), {});
  const auto epochs = std::span(records).first(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < epochs.size() && archive.reads(); ++i) {
    epochs[i].epoch = static_cast<Index>(i);
    if (judged) epochs[i].validation_loss = epochs[i].validation_accuracy = 0;
  }
  archive.column("history.loss", epochs, [](EpochRecord& epoch) -> double& { return epoch.loss; });
  archive.column("history.accuracy", epochs, [](EpochRecord& epoch) -> double& { return epoch.accuracy; });
  archive.column("history.learning_rate", epochs, [](EpochRecord& epoch) -> double& { return epoch.learning_rate; });
  archive.column("history.seconds", epochs, [](EpochRecord& epoch) -> double& { return epoch.seconds; });
  archive.column("history.images_per_second", epochs,
                 [](EpochRecord& epoch) -> double& { return epoch.images_per_second; });
  if (!judged) return;
  archive.column("history.validation_loss", epochs,
                 [](EpochRecord& epoch) -> double& { return *epoch.validation_loss; });
  archive.column("history.validation_accuracy", epochs,
                 [](EpochRecord& epoch) -> double& { return *epoch.validation_accuracy; });
}

/// Tensors whose numbers stand at these places.
template <typename T>
[[gnu::cold]] void carry_tensors(RunArchive& archive, const std::string& prefix,
                                 const std::vector<NamedTensor>& tensors, const Places<T>& places) {
  for (std::size_t i = 0; i < tensors.size(); ++i)
    archive.numbers(prefix + tensors[i].name, tensors[i].shape, places.begins[i]);
}

template <typename T>
[[gnu::cold]] Digest digest_of(const Places<T>& places) {
  Digest digest;
  for (std::size_t i = 0; i < places.begins.size(); ++i)
    digest.add(std::as_bytes(std::span(places.begins[i], static_cast<std::size_t>(places.sizes[i]))));
  return digest;
}

/// All that changes from batch to batch, but for the model's parameters and what the optimizer remembers. P: parameters of T.
template <typename P, typename T>
struct RunState {
  RunPosition at = {};
  EpochSum sum = {};
  std::optional<Patience> patience = {};
  std::optional<PlateauRate> plateau = {};
  bool restores_best = false;
  P best = {};                 // the best epoch's parameters, if there is one and they are asked for
  Index model_steps = 0;       // of a run that is kept: the model's steps,
  Index first_parameters = 0;  // and a digest of the parameters that it began with

  /// What the learning rate is multiplied by besides the schedule.
  double rate() const { return plateau ? plateau->rate() : 1; }

  bool exhausted() const { return patience && patience->exhausted(); }
  bool has_best() const { return patience && restores_best && patience->best_epoch(); }
  bool finished() const { return at.epoch == at.epochs || (at.batch == 0 && exhausted()); }

  /// Into a kept run or out of one: this, the history and the parameters and memories of these names.
  [[gnu::cold]] void carry(RunArchive& archive, History& history, bool judged, P& parameters, std::vector<P>& memories,
             const std::vector<NamedTensor>& names) {
    Places<T> places;
    const auto carry_all = [&](const std::string& prefix, P& p) {
      places.find(p);
      carry_tensors(archive, prefix, names, places);
    };
    carry_history(archive, history.epochs, at.epoch, judged);
    sum.carry(archive);
    archive.number("model.steps", model_steps);
    if (archive.reads() && (model_steps < 0 || model_steps > std::numeric_limits<Index>::max() / 2))
      archive.refuse("no model takes so many steps");
    archive.number("model.first_parameters", first_parameters);
    carry_all("parameters.", parameters);
    for (std::size_t m = 0; m < memories.size(); ++m) carry_all(message("optimizer.", m, "."), memories[m]);
    if (plateau) plateau->carry(archive, at.epoch);
    if (patience) patience->carry(archive, at.epoch);
    if (has_best() && archive.reads()) best = parameters;
    if (has_best()) carry_all("best.", best);
    archive.end();
  }
};

}  // namespace lamina::detail
