#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "../core/crew.hpp"
#include "../exec/any_tensor.hpp"
#include "model.hpp"

namespace LAMINA_NAMESPACE {

/// Asks one model, or one ensemble, again and again: owns what forward passes need and allocates only when a batch is
/// larger than any before. The model must outlive it; one predictor serves one caller at a time. What it returns stays
/// until the next call.
///
///   Predictor predict{model, {.threads = 2}};
///   const auto& logits = predict(x);
///
/// Several threads take turns at the parts of a batch, Predictor::part samples each whatever their number: two threads or
/// five give the same bits. A batch of no more samples than that is not cut; then the threads share the larger of its
/// convolutions that Winograd's algorithm serves, and, for a single sample, of its dense layers, which pays from about
/// fifty microseconds a layer. The caller's own thread does the rest.
///
/// Data that the kernels precompute from the weights are computed at the first call, and again when the model has changed.
template <typename T>
class Predictor {
 public:
  static constexpr Index part = 32;

  /// Throws OptionError for threads below 1 and std::system_error when they cannot be had.
  explicit Predictor(const detail::Answers<T>& model, const InferenceOptions& options = {});
  explicit Predictor(detail::Answers<T>&&, const InferenceOptions& = {}) = delete;  // gone before the first call

  /// Returns the output (N, K) for a batch. Throws ShapeError when x is not a batch of the model's samples.
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
    std::unique_ptr<typename detail::Answers<T>::Memory> memory;
    Tensor<T, 2> y;
  };

  void run(detail::TensorRef<T> x);
  void prepare();
  void share(detail::TensorRef<T> x);

  /// Samples first … last of x: copied, inferred, copied to their places in y.
  void infer_part(detail::TensorRef<T> x, Index first, Index last, Worker& worker);

  const detail::Answers<T>* of_;
  std::vector<Worker> workers_;
  std::unique_ptr<Crew> crew_;
  Tensor<T, 2> y_;
  std::vector<std::int32_t> classes_;
  Index largest_ = 0;  // how many samples were shared at most
  std::optional<std::uint64_t> prepared_for_;  // the model's changes() when it was
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/predictor.ipp"
#endif
