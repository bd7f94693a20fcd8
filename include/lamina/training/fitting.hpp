#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checks.hpp"
#include "divergence.hpp"
#include "early_stopping.hpp"
#include "history.hpp"
#include "plateau.hpp"
#include "schedules.hpp"
#include "training_run.hpp"

namespace lamina {

/// How `fit` trains. What is not given keeps its default.
template <int Rank>
struct FitOptions {
  Index epochs = 1;
  Index batch_size = 32;
  std::uint64_t seed = 0;                      // of the order in which samples come
  Index threads = hardware_threads();          // changes the time it takes, not a bit of the result
  std::optional<Index> shards{};               // per batch; default_shards(its size) unless given
  bool winograd = true;                        // convolutions may use Winograd's algorithm, see allow_winograd
  Schedule schedule = Constant{};              // of the learning rate, over all steps of the run
  const Dataset<Rank>* validation = nullptr;   // judged after every epoch
  std::optional<EarlyStopping> early_stopping{};
  std::optional<ReduceOnPlateau> on_plateau{};  // of the learning rate, times the schedule
  GradientClipping clip{};                     // of every step's gradient
  Augmentation augment{};                      // of images: how the training set is varied, never the validation set
  std::function<void(BatchEnd&)> on_batch{};   // called after every batch …
  std::function<void(EpochEnd&)> on_epoch{};   // … and epoch, on the caller's thread
};

namespace detail {

/// One run of `fit`: what it works with, and epoch after epoch.
template <typename M, typename F, typename O, int Rank>
class Fitting {
  using Clock = std::chrono::steady_clock;
  using Samples = typename TrainingRun<M, F, O>::Samples;

 public:
  Fitting(M& model, const F& loss, const O& optimizer, const Dataset<Rank>& train, const FitOptions<Rank>& options, Crew& crew)
      : model_(model), train_(train), options_(options), crew_(crew), run_(model, loss, optimizer, options.winograd),
        order_(static_cast<std::size_t>(train.size())) {
    if (options.early_stopping) patience_.emplace(*options.early_stopping);
    if (options.on_plateau) plateau_.emplace(*options.on_plateau);
  }

  /// Whether on_batch, or early stopping, asked for the end.
  bool stopping() const { return stopping_; }

  /// Early stopping and a plateau's rate go by what an epoch came to.
  void judge(const EpochRecord& record) {
    if (plateau_) rate_ = (*plateau_)(monitored(record, options_.on_plateau->monitor));
    if (!patience_) return;
    if (patience_->better(record) && options_.early_stopping->restore_best) best_ = model_.parameters();
    stopping_ = stopping_ || patience_->exhausted();
  }

  /// The best epoch's weights are the model's again.
  void finish(History& history) {
    if (!patience_) return;
    history.best_epoch = patience_->best_epoch();
    if (options_.early_stopping->restore_best && history.best_epoch && *history.best_epoch + 1 < std::ssize(history.epochs))
      model_.parameters() = std::move(best_);
  }

  /// One epoch, in an order of its own; whether every sample had its turn.
  bool train_epoch(EpochRecord& record) {
    rng_ = Rng(options_.seed).split(static_cast<std::uint64_t>(record.epoch));
    draw_order(order_, rng_);
    const Index batches = (train_.size() - 1) / options_.batch_size + 1;
    sum_ = {};
    for (Index batch = 0; batch < batches && !stopping_; ++batch) {
      const Index size = std::min(options_.batch_size, train_.size() - sum_.samples);
      const auto samples =
          std::span<const Index>(order_).subspan(static_cast<std::size_t>(sum_.samples), static_cast<std::size_t>(size));
      const double epochs_done = static_cast<double>(record.epoch) + static_cast<double>(batch) / static_cast<double>(batches);
      train_batch(samples, batch, rate_ * options_.schedule(epochs_done / static_cast<double>(options_.epochs)), record);
      if (!options_.on_batch) continue;
      BatchEnd end{.epoch = record.epoch, .epochs = options_.epochs, .batch = batch, .batches = batches,
                   .loss = record.loss, .accuracy = record.accuracy, .batch_loss = batch_loss_,
                   .learning_rate = record.learning_rate};
      options_.on_batch(end);
      stopping_ = end.stop_training;
    }
    return sum_.samples == train_.size();
  }

 private:
  /// Over the batches of an epoch so far.
  struct Sum {
    Index samples = 0;
    double loss = 0, hits = 0;
    Clock::duration time{};
  };

  Index shards(Index size) const { return std::min(options_.shards.value_or(default_shards(size)), size); }

  /// The largest shard of any batch if some worker's of the first batch may be smaller, else 0. The last batch is
  /// smaller than the others, but may be cut into fewer.
  Index uneven_shard() const {
    const Index whole = std::min(options_.batch_size, train_.size()), last = train_.size() % options_.batch_size;
    const auto largest = [&](Index size) { return size == 0 ? 0 : (size - 1) / shards(size) + 1; };
    const Index most = std::max(largest(whole), largest(last));
    return whole / shards(whole) < most ? most : 0;
  }

  void train_batch(std::span<const Index> samples, Index batch, double rate, EpochRecord& record) {
    check_rate("fit: expects a schedule to give a number", rate);
    record.learning_rate = run_.optimizer().learning_rate * rate;
    const auto start = Clock::now();
    const Index size = std::ssize(samples);
    const auto source = [&](Index first, Index last, Samples& scratch) -> const Samples& {
      gather(train_, samples.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)), scratch,
             Variation{options_.augment, rng_});
      prefetch(first + size, last + size);
      return scratch;
    };
    if (record.epoch == 0 && batch == 0)
      if (const Index most = uneven_shard(); most > 0) run_.reserve(model_, most, shards(size), crew_, source);
    const StepResult result = run_.step(model_, size, shards(size), plan(record.epoch, batch, rate), crew_, source);
    if (!run_.finite()) {
      Samples whole;
      const auto name = [&](Index n) { return message(samples[static_cast<std::size_t>(n)], " of the training set"); };
      const std::string why = explain_divergence(model_, source(0, size, whole), record.learning_rate, name);
      throw DivergenceError(message("fit: ", diverged(result.loss), " stopped being finite in epoch ", record.epoch + 1,
                                    ", batch ", batch + 1, "; ", why), record.epoch, batch);
    }
    add(result, size, Clock::now() - start, record);
  }

  StepPlan plan(Index epoch, Index batch, double rate) const {
    constexpr std::uint64_t draws = ~std::uint64_t{0};  // the stream of the seed that no epoch has
    const Rng rng = Rng(options_.seed).split(draws).split(static_cast<std::uint64_t>(epoch));
    return {.rate = rate, .clip = options_.clip, .draws = rng.split(static_cast<std::uint64_t>(batch))};
  }

  /// Asks for samples of the batch after this one, `begin` … `end` counted from where this one begins: while a worker is at
  /// one shard, its next comes from memory, which takes as long as a small network.
  void prefetch(Index begin, Index end) const {
    const Index left = std::ssize(order_) - sum_.samples;
    for (Index i = begin; i < std::min(end, left); ++i) train_.prefetch(order_[static_cast<std::size_t>(sum_.samples + i)]);
  }

  void add(const StepResult& result, Index size, Clock::duration time, EpochRecord& record) {
    batch_loss_ = result.loss;
    sum_.samples += size;
    sum_.loss += result.loss * static_cast<double>(size);
    sum_.hits += result.accuracy * static_cast<double>(size);
    sum_.time += time;
    const double samples = static_cast<double>(sum_.samples);
    record.loss = sum_.loss / samples;
    record.accuracy = sum_.hits / samples;
    record.seconds = std::chrono::duration<double>(sum_.time).count();
    record.images_per_second = samples / std::max(record.seconds, 1e-9);
  }

  M& model_;
  const Dataset<Rank>& train_;
  const FitOptions<Rank>& options_;
  Crew& crew_;
  TrainingRun<M, F, O> run_;
  std::vector<Index> order_;  // in which the epoch visits the samples
  Sum sum_;
  Rng rng_;  // the epoch's: its order, and how each sample is varied
  double rate_ = 1, batch_loss_ = 0;
  std::optional<Patience> patience_;
  std::optional<PlateauRate> plateau_;
  typename M::Parameters best_;
  bool stopping_ = false;
};

}  // namespace detail
}  // namespace lamina
