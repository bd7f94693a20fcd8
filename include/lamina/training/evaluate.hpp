#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"
#include "../data/batches.hpp"
#include "../layers/layer.hpp"
#include "../losses/targets.hpp"
#include "../metrics/evaluation.hpp"
#include "checks.hpp"
#include "history.hpp"

namespace LAMINA_NAMESPACE {

struct EvaluateOptions {
  Index threads = hardware_threads();  // at least 1
};

namespace detail {

/// Samples that a network judges at a time.
inline constexpr Index chunk = 64;

inline Index chunks_of(Index samples) { return (samples + chunk - 1) / chunk; }

/// As many threads as were asked for, but none without a chunk of its own.
inline Index useful_threads(Index threads, Index samples) { return std::clamp<Index>(chunks_of(samples), 1, threads); }

/// What is told of every chunk: its first sample, the samples, the network's output.
template <typename M>
using Take = FunctionRef<void(Index, const Batch<typename M::Input>&, const typename M::Output&)>;

/// What a worker needs to show a network its share of the samples.
template <typename M>
struct Showing {
  Batch<typename M::Input> batch;
  typename M::Workspace ws;
  typename M::Output y;
  std::vector<Index> samples;
};

/// Shows the network every sample of a set, in chunks, on the crew's threads, with one of `showings` each.
template <typename M, int Rank>
void infer_all(const M& model, const Dataset<Rank>& data, Crew& crew, std::vector<Showing<M>>& showings, Take<M> take) {
  if (std::ssize(showings) != crew.size()) showings = std::vector<Showing<M>>(static_cast<std::size_t>(crew.size()));
  crew.run([&](Index worker) {
    auto& [batch, ws, y, samples] = showings[static_cast<std::size_t>(worker)];
    for (Index c = worker; c < chunks_of(data.size()); c += crew.size()) {
      samples.resize(static_cast<std::size_t>(std::min(chunk, data.size() - c * chunk)));
      std::iota(samples.begin(), samples.end(), c * chunk);
      gather<typename M::Scalar>(data, samples, batch);
      model.infer(batch.x, ws, y);
      take(c * chunk, batch, y);
    }
  });
}

template <typename M, int Rank>
void infer_all(const M& model, const Dataset<Rank>& data, Crew& crew, Take<M> take) {
  std::vector<Showing<M>> showings;
  infer_all(model, data, crew, showings, take);
}

/// Mean loss and accuracy of a network over a set, summed in the order of the samples. Done again, it allocates nothing.
template <typename M>
class Scoring {
 public:
  template <typename F, int Rank>
  Score operator()(const M& model, const F& loss, const Dataset<Rank>& data, Crew& crew) {
    using T = typename M::Scalar;
    chunks_.resize(static_cast<std::size_t>(chunks_of(data.size())));
    if (std::ssize(gradients_) != crew.size())
      gradients_ = std::vector<typename M::Output>(static_cast<std::size_t>(crew.size()));
    infer_all(model, data, crew, showings_, [&](Index first, const auto& batch, const auto& y) {
      const Targets<T> targets = batch.labels.empty() ? Targets<T>(batch.targets) : Targets<T>(batch.labels);
      auto& unwanted = gradients_[static_cast<std::size_t>(first / chunk % crew.size())];
      chunks_[static_cast<std::size_t>(first / chunk)] = {loss(y, targets, data.size(), unwanted),
                                                          loss.hits(y, targets), weight_of(loss, targets)};
    });
    Score total;
    double weights = 0;
    for (const auto [value, hits, weight] : chunks_) {
      total.loss += value;
      total.accuracy += hits / static_cast<double>(data.size());
      weights += weight;
    }
    total.loss *= mean_scale(data.size(), weights);
    return total;
  }

 private:
  struct Chunk {
    double loss = 0, hits = 0, weight = 0;
  };
  std::vector<Chunk> chunks_;
  std::vector<Showing<M>> showings_;           // one for each worker
  std::vector<typename M::Output> gradients_;  // one for each worker: a loss gives it, wanted or not
};

/// The class of every sample, in order.
template <typename M, int Rank>
std::vector<std::int32_t> classes_of(const M& model, const Dataset<Rank>& data, Crew& crew) {
  std::vector<std::int32_t> predicted(static_cast<std::size_t>(data.size()));
  infer_all(model, data, crew, [&](Index first, const auto&, const auto& y) {
    std::vector<std::int32_t> classes;
    M::largest(y, classes);
    std::copy(classes.begin(), classes.end(), predicted.begin() + first);
  });
  return predicted;
}

/// What the network gives for every sample, in order (N, K).
template <typename M, int Rank>
typename M::Output outputs_of(const M& model, const Dataset<Rank>& data, Crew& crew) {
  const Index K = model.output_shape(1)[1];
  typename M::Output outputs;
  reshape(outputs, Shape{data.size(), K});
  infer_all(model, data, crew, [&](Index first, const auto&, const auto& y) {
    std::copy_n(y.data(), y.size(), outputs.data() + first * K);
  });
  return outputs;
}

ConfusionMatrix confuse(std::vector<std::string> names, Index classes, const std::vector<std::int32_t>& labels,
                               const std::vector<std::int32_t>& predicted);

template <typename M, int Rank>
ConfusionMatrix confuse(const M& model, const Dataset<Rank>& data, Crew& crew) {
  return confuse(data.class_names(), data.classes(), data.labels(), classes_of(model, data, crew));
}

template <typename M, int Rank>
void check_evaluation(const M& model, const Dataset<Rank>& data, const EvaluateOptions& options) {
  check_at_least_one("evaluate", "threads", options.threads);
  check_data("evaluate", "the data set", model, data);
  if (!data.has_labels())
    throw DataError(
        "evaluate: expects class numbers but the data set has target rows; see accuracy and loss of History");
}

}  // namespace detail

/// How well a network does on a set with class numbers: accuracy, precision, recall and F1 per class, confusion matrix.
/// Inference only. Throws OptionError, ShapeError or DataError when set and network do not fit.
///
///   std::cout << evaluate(model, test);
template <typename M, int Rank>
Evaluation evaluate(const M& model, const Dataset<Rank>& data, const EvaluateOptions& options = {}) {
  detail::check_evaluation(model, data, options);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return Evaluation(detail::confuse(model, data, crew));
}

/// As above, with the mean of a loss over the set. Throws OptionError for a loss on logits when the network gives
/// probabilities.
template <typename M, int Rank, Loss F>
Evaluation evaluate(const M& model, const Dataset<Rank>& data, const F& loss, const EvaluateOptions& options = {}) {
  detail::check_loss<F>("evaluate", model);
  detail::check_evaluation(model, data, options);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return Evaluation(detail::confuse(model, data, crew), detail::Scoring<M>{}(model, loss, data, crew).loss);
}

/// The most probable class of every sample of a set, in order; the answers play no part. Throws OptionError for threads
/// below 1 and ShapeError when the samples are not of the model's shape.
template <typename M, int Rank>
std::vector<std::int32_t> predict_classes(const M& model, const Dataset<Rank>& data,
                                          const EvaluateOptions& options = {}) {
  detail::check_at_least_one("predict_classes", "threads", options.threads);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return detail::classes_of(model, data, crew);
}

/// What the network gives for every sample of a set, in order (N, K): logits, or probabilities where it ends in those.
/// As they rank samples alike, logits draw the same curves of several labels at once as their sigmoids. Throws as
/// above.
template <typename M, int Rank>
typename M::Output predict_outputs(const M& model, const Dataset<Rank>& data, const EvaluateOptions& options = {}) {
  detail::check_at_least_one("predict_outputs", "threads", options.threads);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return detail::outputs_of(model, data, crew);
}

/// The probabilities of the classes for every sample of a set, in order (N, K): the softmax of the logits, or the
/// output itself where the network ends in Softmax or Sigmoid. What curves and calibration are drawn from. Throws as
/// above.
///
///   roc_curve(test.labels(), predict_probabilities(model, test), 3)
template <typename M, int Rank>
typename M::Output predict_probabilities(const M& model, const Dataset<Rank>& data,
                                         const EvaluateOptions& options = {}) {
  detail::check_at_least_one("predict_probabilities", "threads", options.threads);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  typename M::Output probabilities = detail::outputs_of(model, data, crew);
  model.to_probabilities(probabilities);
  return probabilities;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/evaluate.ipp"
#endif
