#pragma once

#include "../checkpointing.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "../../data/batches.hpp"
#include "../run_settings.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void Checkpointing::begin(History& history) {
  run_ = work_.describe();
  RunSettings settings;
  add_run(settings, run_, work_);
  settings_ = settings.take();
  first_steps_ = static_cast<Index>(work_.model_steps());
  first_parameters_ = digest(work_.parameters());
  const std::optional<Checkpoint> kept = store_.find();
  begun_ = !kept;
  if (!kept) return keep(history, work_.parameters());
  std::vector<std::byte> taken;  // a copy, so that a failure leaves the model untouched
  for (const NumberBytes numbers : work_.parameters()) taken.insert(taken.end(), numbers.begin(), numbers.end());
  const std::vector<NumberBytes> places = cut_as(taken, work_.parameters());
  take(*kept, history, places);
  if (!progress_.finished()) keep(history, places);
  const auto parameters = work_.parameters();
  for (std::size_t i = 0; i < places.size(); ++i)
    std::copy(places[i].begin(), places[i].end(), parameters[i].begin());
  work_.set_model_steps(static_cast<std::uint64_t>(first_steps_));
  begun_ = true;
}

LAMINA_FUNC RunPosition Checkpointing::position() const {
  RunPosition position = progress_.at;
  position.steps = work_.updates();
  position.finished = progress_.finished();
  return position;
}

LAMINA_FUNC void Checkpointing::keep(History& history, std::span<const NumberBytes> parameters) {
  Checkpoint run;
  run.position = position();
  run.settings = settings_;
  RunArchive archive(run);
  Index steps = begun_ ? static_cast<Index>(work_.model_steps()) : first_steps_;
  carry(archive, history, steps, parameters);
  store_.keep(run);
}

LAMINA_FUNC void Checkpointing::take(const Checkpoint& kept, History& history, std::span<const NumberBytes> parameters) {
  check_settings(kept, settings_);
  RunArchive archive(kept);
  const RunPosition at = kept.position;
  RunPosition& here = progress_.at;
  if (at.epoch > here.epochs)
    throw DataError(str_cat(kept.origin, ": has ", at.epoch, " epochs behind it, more than the ", here.epochs,
                            " of .epochs; give as many, or another folder"));
  if (at.epoch < 0 || at.batch < 0 || at.batch > here.batches || at.batches != here.batches ||
      (at.epoch == here.epochs && at.batch > 0) ||
      at.steps != static_cast<std::uint64_t>(at.epoch) * static_cast<std::uint64_t>(at.batches) +
                      static_cast<std::uint64_t>(at.batch))
    archive.refuse("its position is impossible");
  here.epoch = at.epoch;
  here.batch = at.batch;
  work_.updates() = at.steps;
  const Index first = first_parameters_;
  carry(archive, history, first_steps_, parameters);
  if (first != first_parameters_ && first != digest(parameters) && first != digest(work_.average()) &&
      !(progress_.has_best() && first == digest(cut_as(progress_.best, parameters))))
    throw DataError(str_cat(kept.origin,
                            ": is of a run that began with other parameters; initialise the model as before, "
                            "give another folder, or replace the run in this one"));
}

LAMINA_FUNC void Checkpointing::carry(RunArchive& archive, History& history, Index& steps,
                         std::span<const NumberBytes> parameters) {
  const auto carry_all = [&](const std::string& prefix, std::span<const NumberBytes> places) {
    carry_tensors(archive, prefix, run_.dtype, run_.tensors, places);
  };
  const Index epochs = progress_.at.epoch;
  carry_history(archive, history.epochs, epochs, progress_);
  detail::carry(archive, progress_.sum);
  archive.number("model.steps", steps);
  if (archive.reads() && (steps < 0 || steps > (std::numeric_limits<Index>::max)() / 2))
    archive.refuse("its number of steps is impossible");
  archive.number("model.first_parameters", first_parameters_);
  carry_all("parameters.", parameters);
  const std::vector<NumberBytes> memories = work_.state_tensors();
  for (std::size_t m = 0; m * run_.tensors.size() < memories.size(); ++m)
    carry_all(str_cat("optimizer.", m, "."), std::span(memories).subspan(m * run_.tensors.size()));
  if (const std::vector<NumberBytes> average = work_.average(); !average.empty()) carry_all("average.", average);
  if (progress_.plateau) detail::carry(archive, *progress_.plateau, epochs);
  if (progress_.patience) detail::carry(archive, progress_.patience->state(), epochs);
  if (progress_.has_best()) {
    if (archive.reads()) {
      progress_.best.clear();
      for (const NumberBytes numbers : parameters)
        progress_.best.insert(progress_.best.end(), numbers.begin(), numbers.end());
    }
    carry_all("best.", cut_as(progress_.best, parameters));
  }
  archive.end();
}

}  // namespace lamina::detail
