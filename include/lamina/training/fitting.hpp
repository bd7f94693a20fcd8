#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checks.hpp"
#include "divergence.hpp"
#include "fit_options.hpp"
#include "keeping.hpp"
#include "training_run.hpp"

namespace lamina::detail {

/// One run of `fit`: what it works with, and epoch after epoch.
template <typename M, typename F, typename O, int Rank>
class Fitting {
  using Clock = std::chrono::steady_clock;
  using Samples = typename TrainingRun<M, F, O>::Samples;

 public:
  Fitting(M& model, const F& loss, const O& optimizer, const Dataset<Rank>& train, const FitOptions<Rank>& options,
          Crew& crew)
      : model_(model),
        train_(train),
        options_(options),
        crew_(crew),
        run_(model, loss, optimizer, options.winograd),
        order_(static_cast<std::size_t>(train.size())),
        keeping_(options, model, run_.update(), state_) {
    state_.at.epochs = options.epochs;
    state_.at.batches = (train.size() - 1) / options.batch_size + 1;
    if (options.early_stopping) state_.patience.emplace(*options.early_stopping);
    if (options.on_plateau) state_.plateau.emplace(*options.on_plateau);
    state_.restores_best = options.early_stopping && options.early_stopping->restore_best;
  }

  /// Goes on with the run that was kept, or keeps this one for the first time.
  [[gnu::cold]] void begin(History& history) {
    RunSettings settings;
    add_run(settings, model_, run_.loss(), run_.optimizer(), train_, options_);
    keeping_.begin(std::move(settings), history);
    state_.sum.samples = std::min(state_.at.batch * std::min(options_.batch_size, train_.size()), train_.size());
    stopping_ = state_.exhausted();
    history.stopped = stopping_ && state_.at.epoch < options_.epochs;
  }

  /// How many epochs are behind it.
  Index epoch() const { return state_.at.epoch; }

  /// Whether on_batch, or early stopping, asked for the end.
  bool stopping() const { return stopping_; }

  /// An epoch is behind it; whether the run ends here.
  void close_epoch(History& history, bool end) {
    ++state_.at.epoch;
    state_.at.batch = 0;
    state_.sum = {};
    keeping_.after_epoch(history, end);
  }

  /// Early stopping and a plateau's rate go by what an epoch came to.
  void judge(const EpochRecord& record) {
    if (state_.plateau) (*state_.plateau)(monitored(record, options_.on_plateau->monitor));
    if (!state_.patience) return;
    if (state_.patience->better(record) && state_.restores_best) state_.best = model_.parameters();
    stopping_ = stopping_ || state_.exhausted();
  }

  /// The best epoch's weights are the model's again.
  void finish(History& history) {
    if (!state_.patience) return;
    history.best_epoch = state_.patience->best_epoch();
    if (state_.has_best() && *history.best_epoch + 1 < std::ssize(history.epochs))
      model_.parameters() = std::move(state_.best);
  }

  /// One epoch, in an order of its own, or what is left of it; whether every sample had its turn.
  bool train_epoch(History& history) {
    EpochRecord& record = history.epochs.back();
    rng_ = Rng(options_.seed).split(static_cast<std::uint64_t>(record.epoch));
    draw_order(order_, rng_);
    state_.sum.tell(record);
    while (state_.at.batch < state_.at.batches && !stopping_) {
      const Index size = std::min(options_.batch_size, train_.size() - state_.sum.samples), batch = state_.at.batch;
      const auto samples = std::span<const Index>(order_).subspan(static_cast<std::size_t>(state_.sum.samples),
                                                                  static_cast<std::size_t>(size));
      const double epochs_done =
          static_cast<double>(record.epoch) + static_cast<double>(batch) / static_cast<double>(state_.at.batches);
      train_batch(samples, state_.rate() * options_.schedule(epochs_done / static_cast<double>(options_.epochs)),
                  record);
      if (options_.on_batch) {
        BatchEnd end{.epoch = record.epoch, .epochs = options_.epochs, .batch = batch, .batches = state_.at.batches,
                     .loss = record.loss, .accuracy = record.accuracy, .batch_loss = batch_loss_,
                     .learning_rate = record.learning_rate};
        options_.on_batch(end);
        stopping_ = end.stop_training;
      }
      keeping_.after_batch(history, stopping_);
    }
    return state_.at.batch == state_.at.batches;
  }

 private:
  /// The largest shard of any batch if some worker's of the first batch may be smaller, else 0. The last batch is
  /// smaller than the others, but may be cut into fewer.
  Index uneven_shard() const {
    const Index whole = std::min(options_.batch_size, train_.size()), last = train_.size() % options_.batch_size;
    const auto largest = [&](Index size) { return size == 0 ? 0 : (size - 1) / options_.shards_of(size) + 1; };
    const Index most = std::max(largest(whole), largest(last));
    return whole / options_.shards_of(whole) < most ? most : 0;
  }

  void train_batch(std::span<const Index> samples, double rate, EpochRecord& record) {
    check_rate("fit: expects a schedule to give a number", rate);
    const auto start = Clock::now();
    const Index size = std::ssize(samples);
    state_.sum.learning_rate = record.learning_rate = run_.optimizer().learning_rate * rate;
    const auto source = [&](Index first, Index last, Samples& scratch) -> const Samples& {
      gather(train_, samples.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)), scratch,
             Variation{options_.augment, rng_});
      prefetch(first + size, last + size);
      return scratch;
    };
    if (!reserved_ && size == std::min(options_.batch_size, train_.size())) {
      if (const Index most = uneven_shard(); most > 0)
        run_.reserve(model_, most, options_.shards_of(size), crew_, source);
      reserved_ = true;
    }
    const StepResult result =
        run_.step(model_, size, options_.shards_of(size), plan(record.epoch, state_.at.batch, rate), crew_, source);
    if (!run_.finite()) {
      Samples whole;
      tell_divergence(source(0, size, whole), samples, result.loss, record);
    }
    batch_loss_ = result.loss;
    state_.sum.samples += size;
    state_.sum.loss += result.loss * static_cast<double>(size);
    state_.sum.hits += result.accuracy * static_cast<double>(size);
    state_.sum.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    state_.sum.tell(record);
    ++state_.at.batch;
    ++state_.model_steps;
  }

  [[noreturn, gnu::cold]] void tell_divergence(const Samples& batch, std::span<const Index> samples, double loss,
                                               const EpochRecord& record) const {
    const auto name = [&](Index n) { return message(samples[static_cast<std::size_t>(n)], " of the training set"); };
    const std::string why = explain_divergence(model_, batch, record.learning_rate, name);
    throw DivergenceError(message("fit: ", diverged(loss), " stopped being finite in epoch ", record.epoch + 1,
                                  ", batch ", state_.at.batch + 1, "; ", why),
                          record.epoch, state_.at.batch);
  }

  StepPlan plan(Index epoch, Index batch, double rate) const {
    constexpr std::uint64_t draws = ~std::uint64_t{0};  // the stream of the seed that no epoch has
    const Rng rng = Rng(options_.seed).split(draws).split(static_cast<std::uint64_t>(epoch));
    return {.rate = rate, .clip = options_.clip, .draws = rng.split(static_cast<std::uint64_t>(batch))};
  }

  /// Asks for samples of the batch after this one, `begin` … `end` counted from where this one begins: while a worker is at
  /// one shard, its next comes from memory, which takes as long as a small network.
  void prefetch(Index begin, Index end) const {
    const Index left = std::ssize(order_) - state_.sum.samples;
    for (Index i = begin; i < std::min(end, left); ++i)
      train_.prefetch(order_[static_cast<std::size_t>(state_.sum.samples + i)]);
  }

  M& model_;
  const Dataset<Rank>& train_;
  const FitOptions<Rank>& options_;
  Crew& crew_;
  TrainingRun<M, F, O> run_;
  std::vector<Index> order_;  // in which the epoch visits the samples
  RunState<typename M::Parameters, typename M::Scalar> state_;
  Keeping<M, O> keeping_;
  Rng rng_;  // the epoch's: its order, and how each sample is varied
  double batch_loss_ = 0;
  bool stopping_ = false, reserved_ = false;
};

}  // namespace lamina::detail
