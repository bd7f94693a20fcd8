#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../training/trainer.hpp"
#include "check_network.hpp"

// The diagnosis makes these trials with a network, each on a copy.
namespace LAMINA_NAMESPACE::detail {

template <typename T, int Rank>
TargetView<T> targets_of(const Batch<Tensor<T, Rank>>& batch) {
  return batch.labels.empty() ? TargetView<T>(batch.targets) : TargetView<T>(batch.labels);
}

/// Returns a summary of each activation layer's output for a batch.
template <typename T>
[[gnu::cold]] std::vector<LayerLook> look_inside(const BasicModel<T>& model, TensorRef<T> x) {
  std::vector<LayerLook> looks;
  model.program().trace(model.parameters().of_layers(), x, [&](std::size_t i, TensorRef<T> y) {
    const auto& layer = model.layers()[i];
    const std::string_view name = layer.node->name();
    if (name == "ReLU" || name == "Sigmoid" || name == "Tanh")
      looks.push_back(look_at_output(layer.path, name, y.data(), y.size(), y.extents().back()));
  });
  return looks;
}

/// The loss of a batch at the start, and the loss of a uniform guess: outputs of 0; if the network outputs probabilities,
/// of 1/K, or ½ if each output is an independent question.
struct Start {
  double loss = 0, ignorant = 0;
};

template <typename T, typename F, int Rank>
Start look_at_losses(const BasicModel<T>& model, const F& loss, const Batch<Tensor<T, Rank>>& batch) {
  Tensor<T, 2> y = model(batch.x), unwanted;
  const double now = loss(y, targets_of(batch), batch.size(), unwanted);
  const T nothing = has_independent_outputs<F>() ? T(0.5) : T(1) / static_cast<T>(y.dimension(1));
  std::fill_n(y.data(), y.size(), model.gives_probabilities() ? nothing : T(0));
  return {now, loss(y, targets_of(batch), batch.size(), unwanted)};
}

template <typename T>
double root_mean_square(const T* numbers, Index n) {
  double sum = 0;
  for (Index i = 0; i < n; ++i) sum += static_cast<double>(numbers[i]) * static_cast<double>(numbers[i]);
  return std::sqrt(sum / static_cast<double>((std::max<Index>)(n, 1)));
}

/// Returns the sizes of the tensors called weight, and of their gradient for a batch.
template <typename T, typename F, int Rank>
std::vector<WeightLook> look_at_gradient(const BasicModel<T>& model, const F& loss, const Batch<Tensor<T, Rank>>& batch) {
  typename BasicModel<T>::Workspace ws;
  Tensor<T, 2> y, dy;
  const ModelParameters<T>& p = model.parameters();
  model.program().forward(p.of_layers(), batch.x, ws, y);
  loss(y, targets_of(batch), batch.size(), dy);
  const ModelParameters<T> gradient = p.empty();
  model.program().backward(p.of_layers(), batch.x, y, dy, ws, {}, gradient.of_layers());
  TensorViews<T> weights, slopes;
  p.find(weights);
  gradient.find(slopes);
  std::vector<WeightLook> looks;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p.names()[i].ends_with("weight"))
      looks.push_back({.name = p.names()[i],
                       .size = root_mean_square(weights.begins[i], weights.sizes[i]),
                       .gradient = root_mean_square(slopes.begins[i], slopes.sizes[i]),
                       .is_scale = weights.ranks[i] == 1});
  return looks;
}

/// Copies all numbers of the weights, one tensor after another.
template <typename T>
[[gnu::cold]] void copy_weights(const BasicModel<T>& model, std::vector<std::vector<double>>& weights) {
  TensorViews<T> places;
  model.parameters().find(places);
  std::size_t tensor = 0;
  for (std::size_t i = 0; i < places.begins.size(); ++i) {
    if (!model.parameters().names()[i].ends_with("weight")) continue;
    if (weights.size() == tensor) weights.emplace_back();
    weights[tensor++].assign(places.begins[i], places.begins[i] + places.sizes[i]);
  }
}

/// Records the largest change of each tensor of weights in one step, relative to its size before.
void add_changes(const std::vector<std::vector<double>>& before, const std::vector<std::vector<double>>& after,
                        std::vector<WeightLook>& looks);

/// Trains a copy for an epoch over a few batches and records how far the weights move in each step. Returns the reason if
/// it stopped because numbers were no longer finite, otherwise an empty text.
template <typename T, typename F, typename O, int Rank>
std::string try_steps(const Trainer<F, O>& trainer, BasicModel<T> model, const Dataset<Rank>& data, FitOptions<Rank> options,
                      std::vector<WeightLook>& looks) {
  std::vector<std::vector<double>> before, after;
  copy_weights(model, before);
  options.on_batch = [&](BatchEnd&) {
    copy_weights(model, after);
    add_changes(before, after, looks);
    std::swap(before, after);
  };
  try {
    trainer.fit(model, data, options);
  } catch (const DivergenceError& error) {
    return error.what();
  }
  return {};
}

/// The result of the overfit test.
struct OverfitTest {
  bool learned = false;
  double first_loss = 0, last_loss = 0;
  std::optional<double> accuracy{};  // empty for regression
  Index epochs = 0;
};

/// Trains a copy until it predicts all classes or, for regression, the loss is a tenth of the first one. Both are
/// computed as in inference, without the random numbers of training.
template <typename T, typename F, typename O, int Rank>
OverfitTest overfit(const Trainer<F, O>& trainer, BasicModel<T> model, const Dataset<Rank>& data, FitOptions<Rank> options) {
  OverfitTest result;
  options.validation = &data;
  options.on_epoch = [&](EpochEnd& end) {
    if (end.record.epoch == 0) result.first_loss = end.record.loss;
    result.last_loss = end.record.validation_loss.value();
    result.accuracy = end.record.validation_accuracy;
    result.epochs = end.record.epoch + 1;
    const bool of_classes = data.has_labels() || F::name.find("CrossEntropy") != std::string_view::npos;
    result.learned = of_classes ? result.accuracy > 1 - 1e-9 : result.last_loss < 0.1 * result.first_loss;
    end.stop_training = result.learned;
  };
  try {
    trainer.fit(model, data, options);
  } catch (const DivergenceError&) {
    result.last_loss = std::numeric_limits<double>::quiet_NaN();
  }
  return result;
}

/// Returns probabilities (N, K) for every sample, each by a network that was not trained on it: there are `folds` of
/// them, each newly initialised.
template <typename T, typename F, typename O, int Rank>
Tensor<float, 2> cross_validated(const Trainer<F, O>& trainer, const BasicModel<T>& model, const Dataset<Rank>& data, Index folds,
                                 const FitOptions<Rank>& options) {
  const auto order = epoch_order(data.size(), Rng(options.seed).split(1));
  Tensor<float, 2> p(data.size(), data.classes());
  for (Index fold = 0; fold < folds; ++fold) {
    std::vector<Index> learned, judged;
    for (Index i = 0; i < data.size(); ++i)
      (i % folds == fold ? judged : learned).push_back(order[static_cast<std::size_t>(i)]);
    BasicModel<T> fresh = model;
    fresh.reset_parameters(Rng(options.seed).split(2));
    trainer.fit(fresh, data.subset(learned), options);
    const auto evaluation_data = predict_probabilities(fresh, data.subset(judged), {.threads = options.threads});
    for (std::size_t i = 0; i < judged.size(); ++i)
      for (Index k = 0; k < data.classes(); ++k)
        p(judged[i], k) = static_cast<float>(evaluation_data(static_cast<Index>(i), k));
  }
  return p;
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/trials.ipp"
#endif
