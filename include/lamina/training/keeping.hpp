#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "fit_options.hpp"
#include "parameter_update.hpp"
#include "run_state.hpp"

namespace lamina::detail {

/// Keeps a run of `fit` where its options say, and takes it up again. Does nothing where they do not.
template <typename M, typename O>
class Keeping {
  using P = typename M::Parameters;
  using T = typename M::Scalar;

 public:
  template <int Rank>
  Keeping(const FitOptions<Rank>& options, M& model, ParameterUpdate<P, T, O>& update, RunState<P, T>& state)
      : keeper_(options.checkpoint), judged_(options.validation != nullptr),
        model_(model), update_(update), state_(state) {}

  /// Goes on with the run that was kept, or keeps this one for the first time: what cannot be written is known before
  /// training. Throws DataError, the model and what was kept untouched, when that is damaged or of another run.
  [[gnu::cold]] void begin(RunSettings settings, History& history) {
    tensors_ = outline(model_, settings);
    settings_ = settings.take();
    state_.model_steps = static_cast<Index>(model_.steps());
    state_.first_parameters = digest(model_.parameters());
    const std::optional<KeptRun> kept = keeper_.find();
    if (!kept) return keep(history, model_.parameters());
    P p = std::as_const(model_).parameters();
    take(*kept, history, p);
    if (!state_.finished()) keep(history, p);
    model_.go_to(std::move(p), static_cast<std::uint64_t>(state_.model_steps));
  }

  void after_batch(History& history, bool stops) {
    if (keeper_ && (stops || keeper_.due(position()))) keep(history, model_.parameters());
  }
  void after_epoch(History& history, bool stops) {
    if (keeper_ && (stops || state_.finished() || keeper_.due(position()))) keep(history, model_.parameters());
  }

 private:
  RunPosition position() const {
    RunPosition position = state_.at;
    position.steps = update_.updates();
    position.finished = state_.finished();
    return position;
  }

  [[gnu::cold]] void keep(History& history, P& p) {
    KeptRun run;
    run.position = position();
    run.settings = settings_;
    RunArchive archive(run);
    state_.carry(archive, history, judged_, p, update_.memories(), tensors_);
    keeper_.keep(run);
  }

  /// The kept run's state in the place of this one's.
  [[gnu::cold]] void take(const KeptRun& kept, History& history, P& p) {
    check_settings(kept, settings_);
    RunArchive archive(kept);
    const RunPosition at = kept.position;
    if (at.epoch > state_.at.epochs)
      throw DataError(message(kept.origin, ": has ", at.epoch, " epochs behind it, more than the ", state_.at.epochs,
                              " of .epochs; give as many, or another folder"));
    if (at.epoch < 0 || at.batch < 0 || at.batch > state_.at.batches || at.batches != state_.at.batches ||
        (at.epoch == state_.at.epochs && at.batch > 0) ||
        at.steps != static_cast<std::uint64_t>(at.epoch) * static_cast<std::uint64_t>(at.batches) +
                        static_cast<std::uint64_t>(at.batch))
      archive.refuse("no run can be where it is");
    state_.at.epoch = at.epoch;
    state_.at.batch = at.batch;
    update_.updates() = at.steps;
    const Index here = state_.first_parameters;
    state_.carry(archive, history, judged_, p, update_.memories(), tensors_);
    if (here != state_.first_parameters && here != digest(p) && !(state_.has_best() && here == digest(state_.best)))
      throw DataError(message(kept.origin,
                              ": is of a run that began with other parameters; make the model as it was made "
                              "then, give another folder, or replace what is in this one"));
  }

  [[gnu::cold]] static Index digest(P& p) {
    Places<T> places;
    places.find(p);
    return std::bit_cast<Index>(digest_of(places).value());
  }

  RunKeeper keeper_;
  bool judged_;
  M& model_;
  ParameterUpdate<P, T, O>& update_;
  RunState<P, T>& state_;
  std::vector<KeptRun::Setting> settings_;
  std::vector<NamedTensor> tensors_;
};

}  // namespace lamina::detail
