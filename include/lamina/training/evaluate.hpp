#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"
#include "../data/batches.hpp"
#include "../losses/targets.hpp"
#include "../metrics/evaluation.hpp"
#include "../metrics/regression_evaluation.hpp"
#include "../models/model.hpp"
#include "checks.hpp"
#include "history.hpp"
#include "views.hpp"

namespace LAMINA_NAMESPACE {

struct EvaluateOptions {
  Index threads = hardware_threads();  // at least 1
  bool winograd = true;                // convolutions may use Winograd's algorithm, see Context
};

namespace detail {

/// Samples that a network judges at a time.
inline constexpr Index chunk = 64;

inline Index chunks_of(Index samples) { return (samples + chunk - 1) / chunk; }

/// As many threads as were asked for, but none without a chunk of its own.
inline Index useful_threads(Index threads, Index samples) { return std::clamp<Index>(chunks_of(samples), 1, threads); }

/// Receives every chunk: the worker, the number of its first sample, the samples, the network's output.
template <typename T>
using Take = FunctionRef<void(Index, Index, const SamplesRef<T>&, const Tensor<T, 2>&)>;

/// What a worker needs to show a network its share of the samples.
template <typename T>
struct Showing {
  Samples<T> batch;
  std::unique_ptr<typename Answers<T>::Memory> memory;
  const Answers<T>* of = nullptr;  // whose memory it is
  Tensor<T, 2> y;
  std::vector<Index> samples;
};

/// Shows a network every sample of a set, in chunks, on the crew's threads. What the kernels make of the weights
/// beforehand is made once. Done again with a set of the same size, it allocates nothing.
template <typename T>
class Shower {
 public:
  [[gnu::cold]] void operator()(const Answers<T>& model, const DataView<T>& data, Crew& crew, bool winograd, Take<T> take);

 private:
  std::vector<Showing<T>> showings_;  // one for each worker
  std::vector<typename Answers<T>::Memory*> memories_;
};

/// Mean loss and accuracy of a network over a set, or how close it comes to numbers, summed in the order of the samples.
/// Done again, it allocates nothing.
template <typename T>
class Scoring {
 public:
  Score operator()(const Answers<T>& model, const LossView<T>& loss, const DataView<T>& data, Crew& crew, bool winograd = true);

 private:
  void prepare_errors(const LossView<T>& loss, const DataView<T>& data);

  struct Chunk {
    double loss = 0, hits = 0, weight = 0;
    ErrorSums errors{};
  };
  std::vector<Chunk> chunks_;
  ErrorSums errors_;  // of all of them, for …
  const DataView<T>* errors_of_ = nullptr;
  Shower<T> show_;
  std::vector<Tensor<T, 2>> gradients_;  // one for each worker: a loss gives it, wanted or not
};

/// The class of every sample, in order.
template <typename T>
[[gnu::cold]] std::vector<std::int32_t> classes_of(const Answers<T>& model, const DataView<T>& data, Crew& crew, bool winograd);

/// What the network gives for every sample, in order (N, K).
template <typename T>
[[gnu::cold]] Tensor<T, 2> outputs_of(const Answers<T>& model, const DataView<T>& data, Crew& crew, bool winograd);

/// Adds up how far the network's outputs are from the target rows of a set.
template <typename T>
[[gnu::cold]] ErrorSums errors_of(const Answers<T>& model, const DataView<T>& data, Crew& crew, bool winograd);

ConfusionMatrix confuse(std::vector<std::string> names, Index classes, const std::vector<std::int32_t>& labels,
                               const std::vector<std::int32_t>& predicted);

template <typename T, int Rank>
[[gnu::cold]] ConfusionMatrix confuse(const Answers<T>& model, const Dataset<Rank>& data, Crew& crew, bool winograd) {
  return confuse(data.class_names(), data.classes(), data.labels(),
                 classes_of<T>(model, DatasetView<T, Rank>(data), crew, winograd));
}

template <typename T>
[[gnu::cold]] void check_evaluation(const Answers<T>& model, const DataView<T>& data, const EvaluateOptions& options) {
  check_at_least_one("evaluate", "threads", options.threads);
  check_data("evaluate", "the data set", model, data);
  if (!data.has_labels())
    throw DataError(
        "evaluate: expects class numbers but the data set has target rows; use evaluate_regression for numbers, and "
        "evaluate_labels for several labels at once");
}

template <typename T>
[[gnu::cold]] void check_regression(const Answers<T>& model, const DataView<T>& data, const EvaluateOptions& options) {
  check_at_least_one("evaluate_regression", "threads", options.threads);
  check_data("evaluate_regression", "the data set", model, data);
  if (data.has_labels())
    throw DataError("evaluate_regression: expects target rows but the data set has class numbers; use evaluate");
}

}  // namespace detail

/// How well a network does on a set with class numbers: accuracy, precision, recall and F1 per class, confusion matrix.
/// Inference only. Throws OptionError, ShapeError or DataError when set and network do not fit, as when the set's classes
/// have other names than the model's, or the same in another order (Dataset::reorder_classes).
///
///   std::cout << evaluate(model, test);
template <typename T, int Rank>
Evaluation evaluate(const detail::Answers<T>& model, const Dataset<Rank>& data, const EvaluateOptions& options = {}) {
  detail::check_evaluation<T>(model, detail::DatasetView<T, Rank>(data), options);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return Evaluation(detail::confuse(model, data, crew, options.winograd));
}

/// As above, with the mean of a loss over the set. Throws OptionError for a loss on logits when the network gives
/// probabilities.
template <typename T, int Rank, Loss F>
Evaluation evaluate(const detail::Answers<T>& model, const Dataset<Rank>& data, const F& loss,
                    const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_loss<F, T>("evaluate", model);
  detail::check_evaluation<T>(model, view, options);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return Evaluation(detail::confuse(model, data, crew, options.winograd),
                    detail::Scoring<T>{}(model, detail::LossOf<T, F>(loss), view, crew, options.winograd).loss);
}

/// Judges a network by a set with target rows: RMSE, MAE and R² over all outputs and of each. Inference only. Throws
/// OptionError, ShapeError or DataError when set and network do not fit.
///
///   std::cout << evaluate_regression(model, test);
template <typename T, int Rank>
RegressionEvaluation evaluate_regression(const detail::Answers<T>& model, const Dataset<Rank>& data,
                                         const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_regression<T>(model, view, options);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return {detail::errors_of<T>(model, view, crew, options.winograd), data.class_names()};
}

/// The most probable class of every sample of a set, in order; the answers play no part. Throws OptionError for threads
/// below 1, ShapeError when the samples are not of the model's shape, and DataError when the set has the model's classes in
/// another order, as its labels would be read as others: see Dataset::reorder_classes.
template <typename T, int Rank>
std::vector<std::int32_t> predict_classes(const detail::Answers<T>& model, const Dataset<Rank>& data,
                                          const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_asked<T>("predict_classes", model, view, options.threads);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return detail::classes_of<T>(model, view, crew, options.winograd);
}

/// What the network gives for every sample of a set, in order (N, K): logits, or probabilities where it ends in those.
/// As they rank samples alike, logits draw the same curves of several labels at once as their sigmoids. Throws as
/// above.
template <typename T, int Rank>
Tensor<T, 2> predict_outputs(const detail::Answers<T>& model, const Dataset<Rank>& data,
                             const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_asked<T>("predict_outputs", model, view, options.threads);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  return detail::outputs_of<T>(model, view, crew, options.winograd);
}

/// Returns the probabilities for every sample of a set, in order (N, K), see BasicModel::probabilities. Where one
/// output tells two classes apart, and the set has class numbers, they are those of the two classes (N, 2). Curves and
/// calibration are drawn from them. Throws as above, and OptionError for a model whose outputs are values.
///
///   roc_curve(test.labels(), predict_probabilities(model, test), 3)
template <typename T, int Rank>
Tensor<T, 2> predict_probabilities(const detail::Answers<T>& model, const Dataset<Rank>& data,
                                   const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_asked<T>("predict_probabilities", model, view, options.threads);
  Crew crew(detail::useful_threads(options.threads, data.size()));
  Tensor<T, 2> probabilities = detail::outputs_of<T>(model, view, crew, options.winograd);
  model.to_probabilities(probabilities);
  if (!data.has_labels() || model.classes() == model.outputs()) return probabilities;
  Tensor<T, 2> both(probabilities.dimension(0), 2);
  for (Index n = 0; n < both.dimension(0); ++n) {
    both(n, 0) = 1 - probabilities(n, 0);
    both(n, 1) = probabilities(n, 0);
  }
  return both;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/evaluate.ipp"
#endif
