#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/thread_pool.hpp"
#include "../data/batches.hpp"
#include "../losses/target_view.hpp"
#include "../metrics/evaluation.hpp"
#include "../metrics/regression_evaluation.hpp"
#include "../models/model.hpp"
#include "checks.hpp"
#include "history.hpp"
#include "process_group.hpp"
#include "views.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `evaluate` and of the predictions for a data set.
///
/// With `.views` every image is shown changed by each of these augmentations, and the mean of the probabilities is the answer:
/// {{}, HorizontalFlip{.probability = 1}} is the image and its mirror image. For `evaluate` without a loss, `evaluate_labels`,
/// `predict_classes` and `predict_probabilities`.
struct EvaluateOptions {
  Index threads = hardware_threads();  // at least 1
  bool winograd = true;                // convolutions may use Winograd's algorithm, see Context
  std::vector<Augmentation> views{};   // of images; see above
  Precision precision = Precision::float32;
};

namespace detail {

/// The number of samples that a network evaluates at a time.
inline constexpr Index chunk = 64;

inline Index chunks_of(Index samples) { return (samples + chunk - 1) / chunk; }

/// Returns the number of threads to use: as many as were asked for, but at most one per chunk.
inline Index useful_threads(Index threads, Index samples) { return std::clamp<Index>(chunks_of(samples), 1, threads); }

/// A function that receives every chunk: the worker, the number of its first sample, the samples, the network's output.
template <typename T>
using Take = FunctionRef<void(Index, Index, const SamplesRef<T>&, const Tensor<T, 2>&)>;

/// The memory of a worker for its share of the samples.
template <typename T>
struct OutputLoopWorker {
  Samples<T> batch;
  std::unique_ptr<typename InferenceModel<T>::Memory> memory;
  const InferenceModel<T>* of = nullptr;  // the network that the memory belongs to
  Tensor<T, 2> y;
  std::vector<Index> samples;
};

/// A runner that passes all samples of a set, or this process's part of its chunks, through a network, on a pool's threads. The kernels precompute
/// their data from the weights once. If it is used again with a set of the same size, it allocates nothing.
template <typename T>
class OutputLoop {
 public:
  [[gnu::cold]] void operator()(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic, Take<T> take,
                                const std::optional<AugmentContext>& variation = {}, const ProcessGroup* group = nullptr);

 private:
  std::vector<OutputLoopWorker<T>> showings_;  // one for each worker
  std::vector<typename InferenceModel<T>::Memory*> memories_;
};

/// A function object that computes the mean loss of a network over a set, and its accuracy or its regression scores. It
/// adds them up in the order of the samples. Several processes take a part of the samples each. If it is used again, it allocates nothing.
template <typename T>
class Evaluator {
 public:
  Score operator()(const InferenceModel<T>& model, const LossView<T>& loss, const DataView<T>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic = {},
                   ProcessGroup* group = nullptr);

 private:
  void prepare_errors(const LossView<T>& loss, const DataView<T>& data);

  std::vector<PartFigures> chunks_;
  std::vector<double> shared_;  // if there are other processes
  ErrorSums errors_;  // summed over all chunks, for the set errors_of_
  const DataView<T>* errors_of_ = nullptr;
  OutputLoop<T> show_;
  std::vector<Tensor<T, 2>> gradients_;  // one per worker: a loss computes it even if it is not needed
};

/// Returns the predicted class of every sample, in order. Throws OptionError if there are views but samples are not images.
template <typename T>
[[gnu::cold]] std::vector<std::int32_t> predict_class_numbers(const InferenceModel<T>& model, const DataView<T>& data,
                                                              ThreadPool& thread_pool, const EvaluateOptions& options);

/// Returns the network's output for every sample, in order (N, K).
template <typename T>
[[gnu::cold]] Tensor<T, 2> outputs_of(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool,
                                      const Arithmetic& arithmetic, const std::optional<AugmentContext>& variation = {});

/// Returns the probabilities of every sample, in order (N, K): the mean over the views, if there are any. Throws OptionError if
/// the outputs are values, and if there are views but samples are not images.
template <typename T>
[[gnu::cold]] Tensor<T, 2> probabilities_of(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool,
                                            const EvaluateOptions& options);

/// Returns how products are computed. Throws OptionError, in the name of `who`, for a precision that the model or the program does not have.
template <typename T>
Arithmetic arithmetic_of(const char* who, const EvaluateOptions& options) {
  return arithmetic<T>(who, options.winograd, options.precision);
}

/// Throws OptionError, in the name of `who`, if there are views.
[[gnu::cold]] void refuse_views(const char* who, const EvaluateOptions& options);

/// Adds up the errors of the network's outputs against the target rows of a set.
template <typename T>
[[gnu::cold]] ErrorSums errors_of(const InferenceModel<T>& model, const DataView<T>& data, ThreadPool& thread_pool, const Arithmetic& arithmetic);

ConfusionMatrix confuse(std::vector<std::string> names, Index classes, const std::vector<std::int32_t>& labels,
                               const std::vector<std::int32_t>& predicted);

template <typename T, int Rank>
[[gnu::cold]] ConfusionMatrix confuse(const InferenceModel<T>& model, const Dataset<Rank>& data, ThreadPool& thread_pool,
                                      const EvaluateOptions& options) {
  return confuse(data.class_names(), data.classes(), data.labels(),
                 predict_class_numbers<T>(model, DatasetView<T, Rank>(data), thread_pool, options));
}

template <typename T>
[[gnu::cold]] void check_evaluation(const InferenceModel<T>& model, const DataView<T>& data, const EvaluateOptions& options) {
  arithmetic_of<T>("evaluate", options);
  check_at_least_one("evaluate", "threads", options.threads);
  check_data("evaluate", "the data set", model, data);
  if (!data.has_labels())
    throw DataError(
        "evaluate: expects class numbers but the data set has target rows; use evaluate_regression for numbers, and "
        "evaluate_labels for several labels at once");
}

template <typename T>
[[gnu::cold]] void check_regression(const InferenceModel<T>& model, const DataView<T>& data, const EvaluateOptions& options) {
  check_at_least_one("evaluate_regression", "threads", options.threads);
  refuse_views("evaluate_regression", options);
  check_data("evaluate_regression", "the data set", model, data);
  if (data.has_labels())
    throw DataError("evaluate_regression: expects target rows but the data set has class numbers; use evaluate");
}

}  // namespace detail

/// Evaluates a network on a set with class numbers: accuracy, precision, recall and F1 per class, confusion matrix. Runs
/// inference only. Throws OptionError, ShapeError or DataError if the set does not fit the network, for example if its
/// class names differ from the model's or are in another order (see Dataset::reorder_classes).
///
///   std::cout << evaluate(model, test);
template <typename T, int Rank>
Evaluation evaluate(const detail::InferenceModel<T>& model, const Dataset<Rank>& data, const EvaluateOptions& options = {}) {
  detail::check_evaluation<T>(model, detail::DatasetView<T, Rank>(data), options);
  ThreadPool thread_pool(detail::useful_threads(options.threads, data.size()));
  return Evaluation(detail::confuse(model, data, thread_pool, options));
}

/// Does the same and also computes the mean of a loss over the set. Throws OptionError for a loss on logits if the
/// network outputs probabilities.
template <typename T, int Rank, Loss F>
Evaluation evaluate(const detail::InferenceModel<T>& model, const Dataset<Rank>& data, const F& loss,
                    const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_loss<F, T>("evaluate", model);
  detail::check_evaluation<T>(model, view, options);
  detail::refuse_views("evaluate with a loss", options);
  ThreadPool thread_pool(detail::useful_threads(options.threads, data.size()));
  return Evaluation(detail::confuse(model, data, thread_pool, options),
                    detail::Evaluator<T>{}(model, detail::LossOf<T, F>(loss), view, thread_pool, detail::arithmetic_of<T>("evaluate", options)).loss);
}

/// Evaluates a network on a set with target rows: RMSE, MAE and R², over all outputs and for each. Runs inference only.
/// Throws OptionError, ShapeError or DataError if the set does not fit the network.
///
///   std::cout << evaluate_regression(model, test);
template <typename T, int Rank>
RegressionEvaluation evaluate_regression(const detail::InferenceModel<T>& model, const Dataset<Rank>& data,
                                         const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_regression<T>(model, view, options);
  ThreadPool thread_pool(detail::useful_threads(options.threads, data.size()));
  return {detail::errors_of<T>(model, view, thread_pool, detail::arithmetic_of<T>("evaluate_regression", options)), data.class_names()};
}

/// Returns the most probable class of every sample of a set, in order; labels and targets are ignored. Throws OptionError
/// for threads below 1 and ShapeError if the samples do not have the model's shape. Throws DataError if the set has the
/// model's classes in another order, because its labels would mean other classes: see Dataset::reorder_classes.
template <typename T, int Rank>
std::vector<std::int32_t> predict_classes(const detail::InferenceModel<T>& model, const Dataset<Rank>& data,
                                          const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_asked<T>("predict_classes", model, view, options.threads);
  ThreadPool thread_pool(detail::useful_threads(options.threads, data.size()));
  return detail::predict_class_numbers<T>(model, view, thread_pool, options);
}

/// Returns the network's output for every sample of a set, in order (N, K): logits, or probabilities if the network ends
/// in those. Logits rank samples as their sigmoids do, so both give the same curves for multi-label problems. Throws as
/// predict_classes does.
template <typename T, int Rank>
Tensor<T, 2> predict_outputs(const detail::InferenceModel<T>& model, const Dataset<Rank>& data,
                             const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_asked<T>("predict_outputs", model, view, options.threads);
  detail::refuse_views("predict_outputs", options);
  ThreadPool thread_pool(detail::useful_threads(options.threads, data.size()));
  return detail::outputs_of<T>(model, view, thread_pool, detail::arithmetic_of<T>("predict_outputs", options));
}

/// Returns the probabilities for every sample of a set, in order (N, K), see BasicModel::probabilities. If one output
/// distinguishes two classes and the set has class numbers, it returns those of both classes (N, 2). Use them for curves
/// and calibration. Throws as predict_classes does, and OptionError for a model whose outputs are values.
///
///   roc_curve(test.labels(), predict_probabilities(model, test), 3)
template <typename T, int Rank>
Tensor<T, 2> predict_probabilities(const detail::InferenceModel<T>& model, const Dataset<Rank>& data,
                                   const EvaluateOptions& options = {}) {
  const detail::DatasetView<T, Rank> view(data);
  detail::check_asked<T>("predict_probabilities", model, view, options.threads);
  ThreadPool thread_pool(detail::useful_threads(options.threads, data.size()));
  Tensor<T, 2> probabilities = detail::probabilities_of<T>(model, view, thread_pool, options);
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
