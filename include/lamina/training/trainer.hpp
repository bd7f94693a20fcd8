#pragma once

#include <any>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../losses/check_loss_members.hpp"
#include "../models/model.hpp"
#include "../optimizers/check_optimizer_members.hpp"
#include "../optimizers/sgd.hpp"
#include "being_trained.hpp"
#include "divergence.hpp"
#include "evaluate.hpp"
#include "fitting.hpp"
#include "step_once.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `step`.
struct StepOptions {
  std::optional<Index> threads{};  // hardware_threads() unless given; changes the time, not one bit of the result
  std::optional<Index> shards{};   // default_shards(batch size) unless given
  double rate = 1.0;               // factor of the learning rate
  Reducer reduce{};                // changes the gradient before clipping
  GradientClipping clip{};         // clips the gradient
  std::uint64_t seed = 0;          // for layers that draw random numbers, together with the number of the model's steps
  Precision precision = Precision::float32;
};

/// A loss and an optimizer that train models. Groups of parameters may be trained differently, see ParameterGroup.
///
///   Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
///   const History history = trainer.fit(model, train, {.epochs = 5, .batch_size = 64, .schedule = Cosine{}});
///
/// or, in your own loop,
///
///   for (const auto& batch : batches(train, {.batch_size = 10, .shuffle = rng.split(epoch)}))
///     loss += trainer.step(model, batch).loss;
template <typename F, typename O>
class Trainer {
 public:
  /// Makes a trainer. Throws OptionError if options of the optimizer or of a group are invalid.
  Trainer(F loss, O optimizer, std::vector<ParameterGroup> groups = {})
      : loss_(std::move(loss)), optimizer_(std::move(optimizer)), groups_(std::move(groups)) {
    optimizer_.check();
    check_groups();
  }

  const F& loss() const { return loss_; }
  const O& optimizer() const { return optimizer_; }

  /// Makes one step on one batch: forward, loss, backward, update. Returns loss and accuracy before the update, see
  /// StepResult. The trainer keeps its threads from step to step. Each shard of a batch, see default_shards, has a thread; if
  /// there are several for each, layers that are large enough share their work among them.
  ///
  /// The optimizer's state (momentum) continues from step to step of one model, which is recognised by its address and
  /// its number of steps. If this trainer did not make the model's last step, the state starts at zero.
  ///
  /// Throws OptionError, ShapeError or DataError if arguments do not fit. Throws DivergenceError if loss, gradient or
  /// parameters are not finite, and whatever the reducer, the loss or a layer throws. Only a DivergenceError about the
  /// parameters leaves the model changed. Also throws OptionError if this trainer is already making a step or this model
  /// is already being trained.
  template <typename T, int Rank>
  StepResult step(BasicModel<T>& model, const Batch<Tensor<T, Rank>>& batch, const StepOptions& options = {}) {
    detail::check_loss<F, T>("step", model);
    detail::check_batch("step", model, batch, detail::has_independent_outputs<F>());
    const detail::SamplesRef<T> samples{batch.x, batch.labels, &batch.targets};
    const Index shards = options.shards.value_or(detail::default_shards(batch.size()));
    const detail::StepSettings settings{options.threads, shards,       options.rate,
                                        options.reduce,  options.clip, options.seed, options.precision};
    settings.check();
    options.reduce.check<T>("step");
    using Run = detail::StepRun<T>;
    detail::StepState state(run_);
    const detail::BeingTrained<T> being_trained("step", model);
    Run* run = std::any_cast<Run>(&*state);
    if (!run || !run->run().is_of(model))
      run = &(*state).template emplace<Run>(model, detail::LossOf<T, F>(loss_), detail::OptimizerOf<T, O>(optimizer_),
                                            std::span<const ParameterGroup>(groups_));
    try {
      return (*run)(model, samples, settings);
    } catch (const DivergenceError&) {
      (*state).reset();  // the state is useless for parameters that the caller repairs
      throw;
    }
  }

  /// Trains on a data set, epoch after epoch, each in a new order, and returns the results of every epoch. The result
  /// depends on the model, the data, the seed and the number of shards, not on the threads.
  ///
  /// Every call starts anew: the optimizer has no state, and epoch 1 has the seed's order, Dropout masks and augmentation
  /// of epoch 1. Three calls of one epoch therefore differ from one call of three. Put code that runs between epochs into
  /// on_epoch. To leave `fit` after each epoch and continue later, use a CheckpointFolder, see README.md.
  ///
  /// All arguments are checked before the first step: throws OptionError, ShapeError or DataError and leaves the model
  /// untouched. Throws DivergenceError if loss, gradient or parameters stop being finite, and whatever a callback, the
  /// reducer, the loss or a layer throws, on any thread. Then the model is as after the last whole step, or has its best
  /// epoch's parameters, see EarlyStopping.
  template <typename T, int Rank>
  History fit(BasicModel<T>& model, const Dataset<Rank>& train, const FitOptions<Rank>& options = {}) const {
    using View = detail::DatasetView<T, Rank>;
    detail::check_loss<F, T>("fit", model);
    detail::FitPlan plan = detail::plan_of(options, train.size());
    plan.groups = groups_;
    plan.check();
    options.reduce.template check<T>("fit");
    const View train_view(train), validation_view(options.validation ? *options.validation : train);
    const detail::DataView<T>* const validation = options.validation ? &validation_view : nullptr;
    constexpr bool independent = detail::has_independent_outputs<F>();
    detail::check_training_set<T>("fit", "the training set", model, train_view, independent);
    detail::check_mixed_classes("fit", options.mix, train.has_labels() ? train.classes() : 0, model.outputs());
    if (validation) {
      detail::check_validation_set<T>("fit", "the validation set", model, train_view, *validation, independent);
      detail::check_normalisation("fit", train.normalisation(), options.validation->normalisation());
    }
    return detail::run_fit<T>(model, detail::LossOf<T, F>(loss_), detail::OptimizerOf<T, O>(optimizer_), train_view,
                              validation, plan);
  }

 private:
  [[gnu::cold]] void check_groups() const {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      groups_[g].check(static_cast<Index>(g));
      if (!groups_[g].weight_decay) continue;
      if constexpr (detail::HasWeightDecay<O>) {
        O own = optimizer_;
        own.weight_decay = static_cast<decltype(own.weight_decay)>(*groups_[g].weight_decay);
        own.check();
      } else {
        throw OptionError(str_cat("Trainer: group ", g, ": has a .weight_decay but ", O::name, " has none"));
      }
    }
  }

  F loss_;
  O optimizer_;
  std::vector<ParameterGroup> groups_;
  std::any run_;  // of the model of the last step(): a detail::StepRun<T>
};

/// The Trainer of arguments that are not a loss and an optimizer. It causes one error that says so, and no further ones.
template <typename F, typename O>
  requires(!(Loss<F> && Optimizer<O>))
class Trainer<F, O> {
  static consteval bool check() {
    constexpr bool are_swapped = Optimizer<F> && Loss<O>;
    static_assert(!are_swapped, "Trainer: takes the loss first and the optimizer second: Trainer{SoftmaxCrossEntropy{}, SGD{}}");
    if constexpr (!are_swapped) return detail::check_loss_members<F>() && detail::check_optimizer_members<O>();
    return true;
  }
  static_assert(check() || true);

 public:
  Trainer(const F&, const O&, const std::vector<ParameterGroup>& = {}) {}
  template <typename T, int Rank>
  StepResult step(BasicModel<T>&, const Batch<Tensor<T, Rank>>&, const StepOptions& = {});
  template <typename T, int Rank>
  History fit(BasicModel<T>&, const Dataset<Rank>&, const FitOptions<Rank>& = {}) const;
};

}  // namespace lamina

#ifdef LAMINA_COMPILED
#include "library_views.hpp"
#endif
