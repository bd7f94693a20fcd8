#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "../core/thread_pool.hpp"
#include "../data/augmentation.hpp"
#include "../exec/any_tensor.hpp"
#include "model.hpp"

namespace LAMINA_NAMESPACE {

/// The options of a Predictor.
struct PredictorOptions {
  bool winograd = true;               // see InferenceOptions
  Index threads = 1;                  // threads that share a batch; 1 starts none
  std::vector<Augmentation> views{};  // of images: changes of which the mean of the probabilities is taken
  Precision precision = Precision::float32;
};

/// A predictor that runs one model or ensemble again and again. It owns the memory of forward passes and allocates only
/// if a batch is larger than any before. The model must outlive it, and only one caller may use it at a time. Its results
/// are valid until the next call.
///
///   Predictor predict{model, {.threads = 2}};
///   const auto& logits = predict(x);
///
/// Threads divide a batch into parts of Predictor::part samples. Any number of threads therefore gives the same bits. A
/// smaller batch is not divided; then the threads share its convolutions, if these take more than some ten microseconds, and,
/// for a single sample, its larger dense layers. The caller's thread runs the rest.
///
/// Data that the kernels precompute from the weights is computed at the first call, and again after the model has changed.
///
/// With `.views` each image is shown changed by each of these augmentations, and the mean of the probabilities is the answer, as
/// in `evaluate`: {{}, HorizontalFlip{.probability = 1}} is the image and its mirror image. It takes a pass per view. Views are
/// applied to the normalised numbers that the predictor is given: what a moved view has no pixels for is 0. A view that is random draws anew for each view and each place in the batch.
template <typename T>
class Predictor {
 public:
  static constexpr Index part = 32;

  /// Makes a predictor. Throws OptionError for threads below 1, for views of samples that are not images and for a precision that the model or the program does not have, and
  /// std::system_error if the threads cannot be started.
  explicit Predictor(const detail::InferenceModel<T>& model, const PredictorOptions& options = {});
  explicit Predictor(detail::InferenceModel<T>&&, const PredictorOptions& = {}) = delete;  // gone before the first call

  /// Returns the output (N, K) for a batch. Throws ShapeError if x is not a batch of the model's samples, and OptionError
  /// if there are views.
  template <int Rank>
  const Tensor<T, 2>& operator()(const Tensor<T, Rank>& x) {
    refuse_views();
    run(x, nullptr);
    return y_;
  }

  /// Returns the probabilities (N, K). Throws ShapeError as above, and OptionError if the outputs are values.
  template <int Rank>
  const Tensor<T, 2>& probabilities(const Tensor<T, Rank>& x) {
    run_views(x);
    return y_;
  }

  /// Returns the class of each sample. Throws ShapeError as above, and OptionError if the outputs are values.
  template <int Rank>
  const std::vector<std::int32_t>& classes(const Tensor<T, Rank>& x) {
    decide(x);
    return classes_;
  }

 private:
  struct Worker {
    detail::AnyTensorValue<T> x;  // a part of the batch, changed as the view asks
    detail::CanvasRoom<T> room;
    std::unique_ptr<typename detail::InferenceModel<T>::Memory> memory;
    Tensor<T, 2> y;
  };

  /// Computes y for a batch, seen through a view if there is one.
  void run(detail::TensorRef<T> x, const Augmentation* view);
  void run_views(detail::TensorRef<T> x);
  void decide(detail::TensorRef<T> x);
  void refuse_views() const;
  void check_views() const;
  void pack_weights();
  void share(detail::TensorRef<T> x, const Augmentation* view);

  /// Copies samples first … last of x to the worker, and changes them.
  void copy_part(detail::TensorRef<T> x, const Augmentation* view, Index first, Index last, Worker& worker);

  /// Copies samples first … last of x, runs the model on them, and copies the results to their places in y.
  void infer_part(detail::TensorRef<T> x, const Augmentation* view, Index first, Index last, Worker& worker);

  const detail::InferenceModel<T>* of_;
  std::vector<Worker> workers_;
  std::unique_ptr<ThreadPool> thread_pool_;
  std::vector<Augmentation> views_;
  Tensor<T, 2> y_, sum_;
  std::vector<std::int32_t> classes_;
  Index largest_ = 0;  // the largest number of samples that was shared
  std::optional<std::uint64_t> packed_for_;  // the model's changes() when the weights were packed
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/predictor.ipp"
#endif
