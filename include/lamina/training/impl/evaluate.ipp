#pragma once

#include "../evaluate.hpp"

#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "../../core/argmax.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Throws ShapeError unless the samples of a set have the model's shape.
template <typename T>
[[gnu::cold]] void check_samples(const InferenceModel<T>& model, const DataView<T>& data) {
  const auto wanted = model.sample_extents(), given = data.sample_extents();
  if (std::equal(wanted.begin(), wanted.end(), given.begin(), given.end())) return;
  std::vector<Index> batch{(std::min)(chunk, data.size())};
  batch.insert(batch.end(), given.begin(), given.end());
  check_samples(model.name(), wanted, batch);
}

template <typename T>
void OutputLoop<T>::operator()(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic, Take<T> take,
                               const std::optional<AugmentContext>& variation, const ProcessGroup* group) {
  check_samples(model, data);
  const bool first = std::ssize(showings_) != thread_pool.size();
  if (first) showings_ = std::vector<OutputLoopWorker<T>>(static_cast<std::size_t>(thread_pool.size()));
  memories_.clear();
  for (OutputLoopWorker<T>& showing : showings_) {
    if (showing.of != &model) showing.memory = model.memory();
    showing.of = &model;
    showing.memory->arithmetic = arithmetic;
    memories_.push_back(showing.memory.get());
  }
  model.pack_weights(memories_);
  const auto show = [&](Index worker, Index c) {
    auto& [batch, memory, of, y, samples] = showings_[static_cast<std::size_t>(worker)];
    samples.resize(static_cast<std::size_t>((std::min)(chunk, data.size() - c * chunk)));
    std::iota(samples.begin(), samples.end(), c * chunk);
    data.gather(samples, batch, variation);
    const SamplesRef<T> shown = batch.read();
    model.answer(shown.x, *memory, y);
    take(worker, c * chunk, shown, y);
  };
  const PartRange own = group ? group->own(chunks_of(data.size())) : PartRange{0, chunks_of(data.size())};
  if (!first) return thread_pool.parallel_for(own.size(), [&](Index worker, Index c) { show(worker, own.first + c); });
  // The first time all workers take part, so that each allocates its memory.
  thread_pool.run([&](Index worker) {
    for (Index c = own.first + worker; c < own.last; c += thread_pool.size()) show(worker, c);
  });
}

template <typename T>
Score Evaluator<T>::operator()(const InferenceModel<T>& model, const LossView<T>& loss, const DataView<T>& data, ThreadPool& thread_pool,
                             const Arithmetic& arithmetic, ProcessGroup* group) {
  chunks_.resize(static_cast<std::size_t>(chunks_of(data.size())));
  prepare_errors(loss, data);
  if (std::ssize(gradients_) != thread_pool.size()) gradients_ = std::vector<Tensor<T, 2>>(static_cast<std::size_t>(thread_pool.size()));
  show_(model, data, thread_pool, arithmetic, [&](Index worker, Index first, const SamplesRef<T>& batch, const Tensor<T, 2>& y) {
    const TargetView<T> targets = batch.target_view();
    Tensor<T, 2>& unwanted = gradients_[static_cast<std::size_t>(worker)];
    PartFigures& sums = chunks_[static_cast<std::size_t>(first / chunk)];
    sums.loss = loss.loss(y, targets, data.size(), unwanted);
    sums.weight = loss.weight(targets);
    if (errors_.outputs() > 0)
      sums.errors.add(y.data(), batch.targets->data(), batch.size());
    else
      sums.correct = loss.correct(y, targets);
  }, {}, group);
  if (group)
    group->share_figures(chunks_of(data.size()), [this](Index c) -> PartFigures& { return chunks_[static_cast<std::size_t>(c)]; }, shared_);
  Score total;
  double weights = 0;
  for (const PartFigures& sums : chunks_) {
    total.loss += sums.loss;
    total.accuracy += sums.correct / static_cast<double>(data.size());
    weights += sums.weight;
    errors_.add(sums.errors);
  }
  if (errors_.outputs() > 0) {
    total.accuracy = std::numeric_limits<double>::quiet_NaN();
    total.regression = errors_.mean();
  }
  total.loss *= mean_scale(data.size(), weights);
  return total;
}

template <typename T>
[[gnu::cold]] void Evaluator<T>::prepare_errors(const LossView<T>& loss, const DataView<T>& data) {
  if (errors_of_ != &data) errors_ = loss.is_regression() ? data.error_sums() : ErrorSums();
  errors_of_ = &data;
  errors_.clear();
  for (PartFigures& sums : chunks_) {
    if (sums.errors.outputs() != errors_.outputs()) sums.errors = ErrorSums(errors_.outputs());
    sums.errors.clear();
  }
}

template <typename T>
std::vector<std::int32_t> predict_class_numbers(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool,
                                                const EvaluateOptions& options) {
  if (!options.views.empty()) {
    std::vector<std::int32_t> decided;
    model.decide_probabilities(probabilities_of(model, data, thread_pool, options), decided);
    return decided;
  }
  std::vector<std::int32_t> predicted(static_cast<std::size_t>(data.size()));
  OutputLoop<T>()(model, data, thread_pool, arithmetic_of<T>("predict_classes", options), [&](Index, Index first, const SamplesRef<T>&, const Tensor<T, 2>& y) {
    std::vector<std::int32_t> some;
    model.decide(y, some);
    std::copy(some.begin(), some.end(), predicted.begin() + first);
  });
  return predicted;
}

template <typename T>
Tensor<T, 2> outputs_of(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic,
                        const std::optional<AugmentContext>& variation) {
  const Index K = model.outputs();
  Tensor<T, 2> outputs;
  reshape(outputs, Shape{data.size(), K});
  OutputLoop<T>()(
      model, data, thread_pool, arithmetic,
      [&](Index, Index first, const SamplesRef<T>&, const Tensor<T, 2>& y) {
        std::copy_n(y.data(), y.size(), outputs.data() + first * K);
      },
      variation);
  return outputs;
}

template <typename T>
Tensor<T, 2> probabilities_of(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool,
                              const EvaluateOptions& options) {
  const Arithmetic arithmetic = arithmetic_of<T>("predict_probabilities", options);
  if (options.views.empty()) {
    Tensor<T, 2> probabilities = outputs_of(model, data, thread_pool, arithmetic);
    model.to_probabilities(probabilities);
    return probabilities;
  }
  if (data.sample_extents().size() != 3)
    throw OptionError(str_cat(".views are for images (H, W, C), but the data set's samples have rank ", data.sample_extents().size()));
  Tensor<T, 2> mean;
  for (std::size_t v = 0; v < options.views.size(); ++v) {
    Tensor<T, 2> probabilities =
        outputs_of(model, data, thread_pool, arithmetic, AugmentContext{options.views[v], Rng(v)});
    model.to_probabilities(probabilities);
    if (v == 0)
      mean = std::move(probabilities);
    else
      for (Index i = 0; i < mean.size(); ++i) mean.data()[i] += probabilities.data()[i];
  }
  for (Index i = 0; i < mean.size(); ++i) mean.data()[i] /= static_cast<T>(options.views.size());
  return mean;
}

LAMINA_FUNC void refuse_views(const char* who, const EvaluateOptions& options) {
  if (!options.views.empty())
    throw OptionError(str_cat(who, ": .views is for evaluate without a loss, evaluate_labels, predict_classes and predict_probabilities"));
}

template <typename T>
ErrorSums errors_of(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic) {
  std::vector<ErrorSums> parts(static_cast<std::size_t>(chunks_of(data.size())), ErrorSums(model.outputs()));
  OutputLoop<T>()(model, data, thread_pool, arithmetic, [&](Index, Index first, const SamplesRef<T>& batch, const Tensor<T, 2>& y) {
    parts[static_cast<std::size_t>(first / chunk)].add(y.data(), batch.targets->data(), batch.size());
  });
  ErrorSums sums = data.error_sums();
  for (const ErrorSums& part : parts) sums.add(part);
  return sums;
}

LAMINA_FUNC ConfusionMatrix confuse(std::vector<std::string> names, Index classes,
                                    const std::vector<std::int32_t>& labels,
                                    const std::vector<std::int32_t>& predicted) {
  if (names.empty())
    for (Index k = 0; k < classes; ++k) names.push_back(std::to_string(k));
  ConfusionMatrix confusion(std::move(names));
  confusion.add(labels, predicted);
  return confusion;
}

}  // namespace lamina::detail
