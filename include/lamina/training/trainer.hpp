#pragma once

#include <algorithm>
#include <any>
#include <optional>
#include <utility>

#include "../models/model.hpp"
#include "../optimizers/sgd.hpp"
#include "evaluate.hpp"
#include "fit_loop.hpp"
#include "fitting.hpp"

namespace LAMINA_NAMESPACE {

/// How `step` trains.
struct StepOptions {
  std::optional<Index> shards{};  // default_shards(size of the batch) unless given
  double rate = 1.0;              // the learning rate is multiplied by it
  GradientClipping clip{};        // of the gradient
  std::uint64_t seed = 0;         // of the layers that draw, together with the number of the model's steps
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
  /// update. What the optimizer remembers (momentum) continues from step to step of one model, known by where it is and
  /// by the steps it has taken; a model that this trainer did not make the last step of starts afresh. Throws
  /// OptionError, ShapeError or DataError for what does not fit, the model untouched, and DivergenceError when loss or
  /// parameters are not finite.
  template <typename L, AnyTensor X>
  StepResult step(Model<L, X>& model, const Batch<X>& batch, const StepOptions& options = {}) {
    check_fit<L>();
    detail::check_loss<F>("step", model);
    using R = TrainingRun<Model<L, X>, F, O>;
    detail::check_batch("step", model, batch);
    const Index shards = options.shards.value_or(default_shards(batch.size()));
    detail::check_at_least_one("step", "shards", shards);
    detail::check_rate("step: expects a rate", options.rate);
    options.clip.check("step");

    R* run = std::any_cast<R>(&run_);
    if (!run || !run->is_of(model)) run = &run_.template emplace<R>(model, loss_, optimizer_);
    Crew crew(1);
    const StepPlan plan{.rate = options.rate, .clip = options.clip, .draws = Rng(options.seed).split(model.steps())};
    const StepResult result = run->step(model, batch.size(), shards, plan, crew, part_of(batch));
    if (run->finite()) return result;
    run_.reset();  // what it remembers is of no use to parameters that are put right
    const auto name = [](Index n) { return message(n, " of the batch"); };
    throw DivergenceError(
        message("step: ", detail::diverged(result.loss), " stopped being finite; ",
                detail::explain_divergence(model, batch, optimizer_.learning_rate * options.rate, name)),
        0, 0);
  }

  /// Trains on a data set, epoch after epoch, each in a new order, and returns what every epoch came to. The optimizer
  /// starts afresh. The result depends on the model, the data, the seed and the number of shards, not on the threads.
  /// Everything is checked before the first step: throws OptionError, ShapeError or DataError, the model untouched.
  /// Throws DivergenceError when loss or parameters stop being finite, and whatever a callback throws.
  template <typename L, AnyTensor X, int Rank>
  History fit(Model<L, X>& model, const Dataset<Rank>& train, const FitOptions<Rank>& options = {}) const {
    check_fit<L>();
    detail::check_loss<F>("fit", model);
    const detail::FitPlan plan = detail::plan_of(options, train.size());
    plan.check();
    detail::check_data("fit", "the training set", model, train);
    if (options.validation) detail::check_data("fit", "the validation set", model, *options.validation);
    Crew crew(plan.useful_threads());
    detail::Fitting<Model<L, X>, F, O, Rank> work(model, loss_, optimizer_, train, options.validation, plan, crew);
    return detail::FitLoop(work).run();
  }

 private:
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
    static_assert(
        !(F::expects_logits && gives_probabilities<L>()),
        "this loss takes logits and applies Softmax or Sigmoid itself: remove the Softmax{} or Sigmoid{} at the "
        "end of the network, or train its probabilities with CrossEntropy{} or BinaryCrossEntropy{}");
  }

  F loss_;
  O optimizer_;
  std::any run_;  // of the model of the last step(): a TrainingRun<Model, F, O>
};

}  // namespace lamina
