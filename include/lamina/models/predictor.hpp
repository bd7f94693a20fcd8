#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "../core/thread_pool.hpp"
#include "../exec/any_tensor.hpp"
#include "model.hpp"

namespace LAMINA_NAMESPACE {

/// A predictor that runs one model or ensemble again and again. It owns the memory of forward passes and allocates only
/// if a batch is larger than any before. The model must outlive it, and only one caller may use it at a time. Its results
/// are valid until the next call.
///
///   Predictor predict{model, {.threads = 2}};
///   const auto& logits = predict(x);
///
/// Threads divide a batch into parts of Predictor::part samples. Any number of threads therefore gives the same bits. A
/// smaller batch is not divided; then the threads share its larger convolutions and, for a single sample, its
/// larger dense layers. This pays off from about fifty microseconds per layer. The caller's thread runs the rest.
///
/// Data that the kernels precompute from the weights is computed at the first call, and again after the model has changed.
template <typename T>
class Predictor {
 public:
  static constexpr Index part = 32;

  /// Makes a predictor. Throws OptionError for threads below 1 and std::system_error if they cannot be started.
  explicit Predictor(const detail::InferenceModel<T>& model, const InferenceOptions& options = {});
  explicit Predictor(detail::InferenceModel<T>&&, const InferenceOptions& = {}) = delete;  // gone before the first call

  /// Returns the output (N, K) for a batch. Throws ShapeError if x is not a batch of the model's samples.
  template <int Rank>
  const Tensor<T, 2>& operator()(const Tensor<T, Rank>& x) {
    run(x);
    return y_;
  }
  template <int Rank>
  const Tensor<T, 2>& probabilities(const Tensor<T, Rank>& x) {
    run(x);
    of_->to_probabilities(y_);
    return y_;
  }
  template <int Rank>
  const std::vector<std::int32_t>& classes(const Tensor<T, Rank>& x) {
    run(x);
    of_->decide(y_, classes_);
    return classes_;
  }

 private:
  struct Worker {
    detail::AnyTensorValue<T> x;  // a part of the batch
    std::unique_ptr<typename detail::InferenceModel<T>::Memory> memory;
    Tensor<T, 2> y;
  };

  void run(detail::TensorRef<T> x);
  void pack_weights();
  void share(detail::TensorRef<T> x);

  /// Copies samples first … last of x, runs the model on them, and copies the results to their places in y.
  void infer_part(detail::TensorRef<T> x, Index first, Index last, Worker& worker);

  const detail::InferenceModel<T>* of_;
  std::vector<Worker> workers_;
  std::unique_ptr<ThreadPool> thread_pool_;
  Tensor<T, 2> y_;
  std::vector<std::int32_t> classes_;
  Index largest_ = 0;  // the largest number of samples that was shared
  std::optional<std::uint64_t> packed_for_;  // the model's changes() when the weights were packed
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/predictor.ipp"
#endif
