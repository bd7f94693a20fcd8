#pragma once

#include <any>
#include <chrono>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "../models/trace.hpp"
#include "evaluate.hpp"
#include "history.hpp"
#include "training_run.hpp"
#include "schedules.hpp"

namespace lamina {

/// Training came to numbers that are not finite. The parameters are those after the last update that was made.
struct DivergenceError : std::runtime_error {
  DivergenceError(const std::string& text, Index in_epoch, Index in_batch)
      : std::runtime_error(text), epoch(in_epoch), batch(in_batch) {}
  Index epoch, batch;  // the first is 0
};

/// How `fit` trains. What is not given keeps its default.
template <int Rank>
struct FitOptions {
  Index epochs = 1;
  Index batch_size = 32;
  std::uint64_t seed = 0;                      // of the order in which samples come
  Index threads = hardware_threads();          // changes the time it takes, not a bit of the result
  std::optional<Index> shards{};               // per batch; default_shards(batch_size) unless given
  Schedule schedule = Constant{};              // of the learning rate, over all steps of the run
  const Dataset<Rank>* validation = nullptr;   // judged after every epoch
  std::function<void(BatchEnd&)> on_batch{};   // called after every batch …
  std::function<void(EpochEnd&)> on_epoch{};   // … and epoch, on the caller's thread
};

/// How `step` trains.
struct StepOptions {
  std::optional<Index> shards{};  // default_shards(size of the batch) unless given
  double rate = 1.0;              // the learning rate is multiplied by it
};

/// A loss and an optimizer: trains models with them.
///
///   Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
///   const History history = trainer.fit(model, train, {.epochs = 5, .batch_size = 64, .schedule = Cosine{}});
///
/// or, in a loop of one's own,
///
///   for (const auto& batch : batches(train, {.batch_size = 10, .shuffle = rng.split(epoch)}))
///     loss += trainer.step(model, batch).loss;
template <Loss F, Optimizer O>
class Trainer {
 public:
  /// Throws OptionError when the optimizer's hyper-parameters cannot be.
  Trainer(F loss, O optimizer) : loss_(std::move(loss)), optimizer_(std::move(optimizer)) { optimizer_.check(); }

  const F& loss() const { return loss_; }
  const O& optimizer() const { return optimizer_; }

  /// One step on one batch, on the caller's thread: forward, loss, backward, update. Returns loss and accuracy before the
  /// update. What the optimizer remembers (momentum) continues from step to step of one model; a model that this trainer
  /// did not make the last step of starts afresh. Throws ShapeError or DataError for a batch that does not fit, and
  /// DivergenceError when loss or parameters are not finite.
  template <typename L, AnyTensor X>
  StepResult step(Model<L, X>& model, const Batch<X>& batch, const StepOptions& options = {}) {
    check_fit<L>();
    using R = TrainingRun<Model<L, X>, F, O>;
    model.check(shape(batch.x));
    if (batch.size() < 1) throw DataError("step: expects at least one sample but the batch is empty");
    check_answers(batch);
    const Index shards = options.shards.value_or(default_shards(batch.size()));
    check_at_least_one("step", "shards", shards);

    R* run = std::any_cast<R>(&run_);
    if (!run || !run->is_of(model)) run = &run_.template emplace<R>(model, loss_, optimizer_);
    Crew crew(1);
    const StepResult result = run->step(model, batch.size(), shards, options.rate, crew, part_of(batch));
    if (!run->finite()) throw diverged("step", model, result.loss, batch, 0, 0, optimizer_.learning_rate * options.rate);
    return result;
  }

  /// Trains on a data set, epoch after epoch, each in a new order, and returns what every epoch came to. The optimizer
  /// starts afresh. The result depends on the model, the data, the seed and the number of shards, not on the threads.
  /// Everything is checked before the first step: throws OptionError, ShapeError or DataError, the model untouched.
  /// Throws DivergenceError when loss or parameters stop being finite, and whatever a callback throws.
  template <typename L, AnyTensor X, int Rank>
  History fit(Model<L, X>& model, const Dataset<Rank>& train, const FitOptions<Rank>& options = {}) const {
    check_fit<L>();
    check(model, train, options);
    const Index shards = options.shards.value_or(default_shards(options.batch_size));
    Crew crew(std::min(options.threads, shards));
    Crew& judges = crew;
    TrainingRun<Model<L, X>, F, O> run(model, loss_, optimizer_);
    History history;
    for (Index epoch = 0; epoch < options.epochs && !history.stopped; ++epoch) {
      history.epochs.push_back({.epoch = epoch});
      EpochRecord& record = history.epochs.back();
      history.stopped = !train_epoch(model, train, options, run, crew, record);
      if (options.validation) {
        const detail::Score score = detail::score(model, loss_, *options.validation, judges);
        record.validation_loss = score.loss;
        record.validation_accuracy = score.accuracy;
      }
      EpochEnd end{.record = record, .epochs = options.epochs};
      if (options.on_epoch) options.on_epoch(end);
      history.stopped = history.stopped || (end.stop_training && epoch + 1 < options.epochs);
    }
    return history;
  }

 private:
  /// One epoch; whether it came to its end.
  template <typename M, int Rank>
  bool train_epoch(M& model, const Dataset<Rank>& train, const FitOptions<Rank>& options, TrainingRun<M, F, O>& run, Crew& crew,
                   EpochRecord& record) const {
    using Clock = std::chrono::steady_clock;
    const auto order = epoch_order(train.size(), Rng(options.seed).split(static_cast<std::uint64_t>(record.epoch)));
    const Index batches = (train.size() + options.batch_size - 1) / options.batch_size;
    double loss_sum = 0, hits = 0;
    bool stop = false;
    Clock::duration training{};
    Index trained = 0;
    for (Index batch = 0; batch < batches && !stop; ++batch) {
      const auto start = Clock::now();
      const auto samples = std::span<const Index>(order).subspan(
          static_cast<std::size_t>(trained), static_cast<std::size_t>(std::min(options.batch_size, train.size() - trained)));
      const Index size = std::ssize(samples);
      const double done = static_cast<double>(record.epoch * batches + batch) / static_cast<double>(options.epochs * batches);
      const double rate = options.schedule(done);
      const auto source = [&](Index first, Index last, typename TrainingRun<M, F, O>::Sample& scratch) -> const auto& {
        gather<typename M::Scalar>(train, samples.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)), scratch);
        return scratch;
      };
      record.learning_rate = optimizer_.learning_rate * rate;
      const Index shards = options.shards.value_or(default_shards(size));
      const StepResult result = run.step(model, size, shards, rate, crew, source);
      if (!run.finite()) {
        typename TrainingRun<M, F, O>::Sample whole;
        throw diverged("fit", model, result.loss, source(0, size, whole), record.epoch, batch, record.learning_rate);
      }
      trained += size;
      loss_sum += result.loss * static_cast<double>(size);
      hits += result.accuracy * static_cast<double>(size);
      training += Clock::now() - start;

      record.loss = loss_sum / static_cast<double>(trained);
      record.accuracy = hits / static_cast<double>(trained);
      record.seconds = std::chrono::duration<double>(training).count();
      record.images_per_second = static_cast<double>(trained) / std::max(record.seconds, 1e-9);
      if (!options.on_batch) continue;
      BatchEnd end{.epoch = record.epoch, .epochs = options.epochs, .batch = batch, .batches = batches,
                   .loss = record.loss, .accuracy = record.accuracy, .learning_rate = record.learning_rate};
      options.on_batch(end);
      stop = end.stop_training;
    }
    return trained == train.size() && !stop;
  }

  /// The samples first … last of a batch: itself when it is all of it.
  template <AnyTensor X>
  static auto part_of(const Batch<X>& batch) {
    return [&batch](Index first, Index last, Batch<X>& scratch) -> const Batch<X>& {
      if (first == 0 && last == batch.size()) return batch;
      auto extents = shape(batch.x);
      const Index n = lamina::sample_shape(extents).size(), K = batch.targets.dimension(1);
      extents[0] = last - first;
      reshape(scratch.x, extents);
      std::copy(batch.x.data() + first * n, batch.x.data() + last * n, scratch.x.data());
      scratch.labels.clear();
      if (!batch.labels.empty()) scratch.labels.assign(batch.labels.begin() + first, batch.labels.begin() + last);
      reshape(scratch.targets, Shape<2>{{K > 0 ? last - first : 0, K}});
      if (K > 0) std::copy(batch.targets.data() + first * K, batch.targets.data() + last * K, scratch.targets.data());
      return scratch;
    };
  }

  template <typename L>
  static constexpr void check_fit() {
    static_assert(!(F::expects_logits && gives_probabilities<L>()),
                  "this loss takes logits and applies Softmax or Sigmoid itself: remove the Softmax{} or Sigmoid{} at the "
                  "end of the network, or train its probabilities with CrossEntropy{} or BinaryCrossEntropy{}");
  }

  static void check_at_least_one(const char* who, const char* what, Index value) {
    if (value < 1) throw OptionError(message(who, ": expects ", what, " of at least 1 but got ", value));
  }

  template <AnyTensor X>
  static void check_answers(const Batch<X>& batch) {
    const Index answers = batch.labels.empty() ? batch.targets.dimension(0) : std::ssize(batch.labels);
    if (answers != batch.size())
      throw ShapeError(message("step: expects an answer for each of the ", batch.size(), " samples but got ", answers));
  }

  template <typename M, int Rank>
  static void check(const M& model, const Dataset<Rank>& train, const FitOptions<Rank>& options) {
    check_at_least_one("fit", "epochs", options.epochs);
    check_at_least_one("fit", "batch_size", options.batch_size);
    detail::check_threads("fit", options.threads);
    if (options.shards) check_at_least_one("fit", "shards", *options.shards);
    if (!options.schedule) throw OptionError("fit: expects a schedule but got an empty function; leave it out for a constant rate");
    detail::check_data("fit", "the training set", model, train);
    if (options.validation) detail::check_data("fit", "the validation set", model, *options.validation);
  }

  /// What happened where, and what to try.
  template <typename M, AnyTensor X>
  static DivergenceError diverged(const char* who, const M& model, double loss, const Batch<X>& samples, Index epoch, Index batch,
                                  double rate) {
    std::string where = first_non_finite(model.layer(), model.parameters(), samples.x);
    if (where.empty()) where = "every layer's output is finite, the loss of it is not";
    return DivergenceError(
        message(who, ": ", std::isfinite(loss) ? "the parameters" : "the loss", " stopped being finite in epoch ", epoch + 1,
                ", batch ", batch + 1, "; ", where, "; try a smaller learning rate (it was ", rate,
                "), inputs scaled to about −1 … 1, or a look at the samples"),
        epoch, batch);
  }

  F loss_;
  O optimizer_;
  std::any run_;  // of the model of the last step(): a TrainingRun<Model, F, O>
};

}  // namespace lamina
