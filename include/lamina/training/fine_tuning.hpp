#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../models/network.hpp"
#include "evaluate.hpp"
#include "trainer.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns the number of the last layer with parameters. Throws OptionError in the name of `who` if there is none.
template <typename T>
std::size_t last_trained_layer(const char* who, const BasicModel<T>& model);

/// Returns layers first … last − 1 of a model as a list. Throws OptionError, in the name of `who`, for a layer of the
/// user's own.
template <typename T>
[[gnu::cold]] Network list_layers(const char* who, const BasicModel<T>& model, std::size_t first, std::size_t last);

/// Copies the parameters of layers first … last − 1 to a model whose layer `at` is the first of the same layers.
template <typename T>
[[gnu::cold]] void copy_layer_parameters(const BasicModel<T>& from, std::size_t first, std::size_t last,
                                         BasicModel<T>& to, std::size_t at);

/// Makes a model of a network for samples of these extents, (H, W, C) or (F).
template <typename T>
BasicModel<T> make_model(const Network& network, std::span<const Index> sample, const Rng& rng) {
  if (sample.size() == 3) return BasicModel<T>(network, Shape{sample[0], sample[1], sample[2]}, rng);
  return BasicModel<T>(network, Shape{sample[0]}, rng);
}

/// The two parts of a network: the trunk, all layers before the last one with parameters, and the head, the others.
/// Dropout just before the head belongs to it.
template <typename T>
struct TrunkAndHead {
  std::size_t cut;  // the head's first layer
  std::optional<BasicModel<T>> trunk;
  std::optional<BasicModel<T>> head;

  /// Copies both out of a model. Throws OptionError in the name of `who` if there is no trunk, or if it does not output
  /// rows.
  [[gnu::cold]] TrunkAndHead(const char* who, const BasicModel<T>& model);

  /// Returns the trunk's outputs for a data set, with its class numbers or target rows.
  template <int Rank>
  Dataset<1> outputs_of(const Dataset<Rank>& data, const EvaluateOptions& options) const {
    const Tensor<T, 2> outputs = predict_outputs(*trunk, data, options);
    Tensor<float, 2> features;
    reshape(features, shape(outputs));
    std::copy_n(outputs.data(), outputs.size(), features.data());
    DatasetOptions named{.classes = data.classes(), .class_names = data.class_names()};
    if (data.has_labels()) return Dataset<1>(std::move(features), data.labels(), std::move(named));
    Dataset<1> rows(std::move(features), data.targets(), std::move(named));
    rows.normalise_targets(data.target_normalisation());
    return rows;
  }
};

/// Throws OptionError for options of `fit` that change images, whose outputs of the trunk would be others in each
/// epoch.
[[gnu::cold]] void check_fixed_samples(const char* who, const Augmentation& augment, const Mixing& mix);

}  // namespace detail

/// Returns a model in which the last layer with parameters, and what is behind it, are replaced by another layer, or by
/// the layers of a Network. The other layers keep their parameters. Layers of nested networks and blocks are listed one
/// after another, as in a file. Throws OptionError for a model with a layer of your own, and ShapeError if the new
/// layers do not fit.
///
///   Model tuned = replace_last_layer(model, Dense{.units = train.classes()}, Rng{1});
template <typename T, typename L>
BasicModel<T> replace_last_layer(const BasicModel<T>& model, const L& last, const Rng& rng) {
  const std::size_t cut = detail::last_trained_layer("replace_last_layer", model);
  Network network = detail::list_layers("replace_last_layer", model, 0, cut);
  if constexpr (requires { last.append_to(network); })
    last.append_to(network);
  else
    network.push_back(last);
  if (model.inputs()) network.expect_inputs(*model.inputs());
  BasicModel<T> other = detail::make_model<T>(network, model.sample_extents(), rng);
  detail::copy_layer_parameters(model, 0, cut, other, 0);
  return other;
}

/// Trains the last layer with parameters, and what is behind it, as `fit` would with all other layers frozen, but
/// computes the outputs of the other layers once: an epoch then costs no more than the last layer. Throws as `fit`
/// does, and OptionError for .augment and .mix, for a model with a layer of your own, and if the last layer with
/// parameters does not take rows. Groups of the trainer name layers from the last one on, which is "0".
///
///   fit_last_layer(Trainer{SoftmaxCrossEntropy{}, Adam{}}, tuned, train, {.epochs = 20, .validation = &test});
template <Loss F, Optimizer O, typename T, int Rank>
History fit_last_layer(const Trainer<F, O>& trainer, BasicModel<T>& model, const Dataset<Rank>& train,
                       const FitOptions<Rank>& options = {}) {
  detail::check_fixed_samples("fit_last_layer", options.augment, options.mix);
  detail::check_at_least_one("fit_last_layer", "threads", options.threads);
  detail::TrunkAndHead<T> parts("fit_last_layer", model);
  const EvaluateOptions asked{.threads = options.threads, .winograd = options.winograd, .precision = options.precision};
  const Dataset<1> features = parts.outputs_of(train, asked);
  std::optional<Dataset<1>> validation;
  if (options.validation) validation.emplace(parts.outputs_of(*options.validation, asked));
  FitOptions<1> of_head{.epochs = options.epochs,
                        .batch_size = options.batch_size,
                        .accumulate = options.accumulate,
                        .seed = options.seed,
                        .threads = options.threads,
                        .shards = options.shards,
                        .winograd = options.winograd,
                        .precision = options.precision,
                        .schedule = options.schedule,
                        .early_stopping = options.early_stopping,
                        .on_plateau = options.on_plateau,
                        .reduce = options.reduce,
                        .clip = options.clip,
                        .average = options.average,
                        .checkpoint = options.checkpoint,
                        .progress = options.progress,
                        .on_batch = options.on_batch,
                        .on_epoch = options.on_epoch};
  if (validation) of_head.validation = &*validation;
  const auto keep = [&] {
    detail::copy_layer_parameters(*parts.head, 0, parts.head->layers().size(), model, parts.cut);
    model.set_meaning(parts.head->meaning());
    const auto names = parts.head->class_names();
    model.set_class_names({names.begin(), names.end()});
    model.go_to(model.steps() + parts.head->steps());
  };
  try {
    History history = trainer.fit(*parts.head, features, of_head);
    keep();
    return history;
  } catch (...) {  // as after `fit`, the model has the parameters of the last whole step
    keep();
    throw;
  }
}

/// Returns a parameter group for each layer with parameters, whose learning rate is decay times that of the next one:
/// the last layer has the whole rate. Howard, Ruder, "Universal language model fine-tuning for text classification",
/// 2018, section 3.2. Throws OptionError unless decay is above 0 and at most 1.
///
///   Trainer trainer{SoftmaxCrossEntropy{}, AdamW{}, layerwise_rates(model, 0.8)};
template <typename T>
std::vector<ParameterGroup> layerwise_rates(const BasicModel<T>& model, double decay);

/// Returns a group that freezes all layers with parameters but the last `count`, to unfreeze a network from its last
/// layer on; no group if there are no more. Howard, Ruder 2018, section 3.3. Throws OptionError for a count below 1.
///
///   for (const Index count : {1, 2, 4}) Trainer{loss, optimizer, freeze_all_but_last(model, count)}.fit(model, train);
template <typename T>
std::vector<ParameterGroup> freeze_all_but_last(const BasicModel<T>& model, Index count);

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/fine_tuning.ipp"
#endif
