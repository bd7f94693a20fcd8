#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "../core/crew.hpp"
#include "model.hpp"

namespace LAMINA_NAMESPACE {

struct PredictorOptions {
  bool winograd = true;  // convolutions may use Winograd's algorithm: faster, in float off by up to about 1e-5 of the largest result
  Index threads = 1;     // that share a batch; 1 starts none
};

/// Asks one model again and again: owns what forward passes need and allocates only when a batch is larger than any
/// before. The model must outlive it; one predictor serves one caller at a time. What it returns stays until the next call.
///
///   Predictor predict{model, {.threads = 2}};
///   const auto& logits = predict(x);
///
/// Several threads take turns at the parts of a batch, Predictor::part samples each whatever their number: two threads or
/// five give the same bits. A batch of no more samples than that is not cut; then the threads share the larger of its
/// convolutions that Winograd's algorithm serves, and, for a single sample, of its dense layers, which pays from about
/// fifty microseconds a layer. The caller's own thread does the rest.
///
/// What the kernels make of the weights beforehand is made at the first call, and again when Model::changes() says so.
template <typename M>
class Predictor {
  using Input = typename M::Input;
  using Output = typename M::Output;

 public:
  static constexpr Index part = 32;

  /// Throws OptionError for threads below 1 and std::system_error when they cannot be had.
  explicit Predictor(const M& model, const PredictorOptions& options = {})
      : model_(&model), workers_(checked(options.threads)), crew_(std::make_unique<Crew>(options.threads)) {
    for (Worker& worker : workers_) allow_winograd(worker.ws, options.winograd);
  }
  explicit Predictor(M&&, const PredictorOptions& = {}) = delete;  // a temporary model would be gone before the first call

  const Output& operator()(const Input& x) {
    if (prepared_for_ != model_->changes()) prepare();
    const bool whole = crew_->size() == 1 || x.dimension(0) <= part;
    lend_crew(workers_[0].ws, whole && crew_->size() > 1 ? crew_.get() : nullptr);
    if (whole)
      model_->infer(x, workers_[0].ws, y_);
    else
      share(x);
    return y_;
  }
  const Output& probabilities(const Input& x) {
    (*this)(x);
    model_->to_probabilities(y_);
    return y_;
  }
  const std::vector<std::int32_t>& classes(const Input& x) {
    M::largest((*this)(x), classes_);
    return classes_;
  }

 private:
  struct Worker {
    Input x;  // a part of the batch
    typename M::Workspace ws;
    Output y;
  };

  static std::size_t checked(Index threads) {
    if (threads < 1) throw OptionError(message("Predictor: expects threads of at least 1 but got ", threads));
    return static_cast<std::size_t>(threads);
  }

  void prepare() {
    if constexpr (requires { model_->program(); }) {  // an ensemble is of several
      const auto& program = model_->program();
      program.make_ready(workers_[0].ws);
      Turns all{.worker = 0, .workers = 1};
      program.prepare(model_->values().of_steps(), workers_[0].ws, all);
      for (Worker& worker : workers_) program.share_prepared(workers_[0].ws, worker.ws);
    }
    prepared_for_ = model_->changes();
  }

  void share(const Input& x) {
    model_->check(shape(x));
    const Index N = x.dimension(0);
    reshape(y_, model_->output_shape(N));
    const Index parts = (N + part - 1) / part;
    const auto infer = [&](Index worker, Index i) {
      infer_part(x, i * part, std::min((i + 1) * part, N), workers_[static_cast<std::size_t>(worker)]);
    };
    if (N <= largest_) return crew_->share(parts, infer);
    // With more samples than before every worker comes, so that each has claimed its memory.
    crew_->run([&](Index worker) {
      for (Index i = worker; i < parts; i += crew_->size()) infer(worker, i);
    });
    largest_ = N;
  }

  /// Samples first … last of x: copied, inferred, copied to their places in y.
  void infer_part(const Input& x, Index first, Index last, Worker& worker) {
    const Index n = model_->sample_shape().size(), k = y_.size() / y_.dimension(0);
    reshape(worker.x, model_->input_shape(last - first));
    std::copy(x.data() + first * n, x.data() + last * n, worker.x.data());
    model_->infer(worker.x, worker.ws, worker.y);
    std::copy(worker.y.data(), worker.y.data() + worker.y.size(), y_.data() + first * k);
  }

  const M* model_;
  std::vector<Worker> workers_;
  std::unique_ptr<Crew> crew_;
  Output y_;
  std::vector<std::int32_t> classes_;
  Index largest_ = 0;  // how many samples were shared at most
  std::optional<std::uint64_t> prepared_for_;  // the model's changes() when it was
};

}  // namespace lamina
