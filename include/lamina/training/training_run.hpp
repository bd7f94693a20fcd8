#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/parameters.hpp"
#include "../data/batches.hpp"
#include "../losses/targets.hpp"
#include "../optimizers/sgd.hpp"
#include "crew.hpp"

namespace lamina {

/// In how many shards a batch is cut unless one says: at least 8 samples each, at most 4. It depends on the batch alone,
/// so that results do not depend on the threads.
constexpr Index default_shards(Index batch_size) { return std::clamp<Index>(batch_size / 8, 1, 4); }

/// What one step came to, over its batch and before the update.
struct StepResult {
  double loss = 0;
  double accuracy = 0;
};

/// What training steps work with, and what they remember from one to the next.
///
/// A batch is cut into shards. A worker takes a whole shard forward and backward, in micro-batches that stay in its
/// caches, in a workspace of its own, and leaves the shard's gradient; then all workers together add the gradients in the
/// order of the shards and move the parameters, each its own slice of every tensor:
///
///   loss = Σ_shards loss_s        dp = Σ_shards dp_s        p ← optimizer(p, dp)
///
/// Each sum has one order, whoever computed its terms: any number of threads gives the same bits. Between the two phases
/// is where gradients of other processes would be added. After the first step of a size nothing is allocated.
template <typename M, typename F, typename O>
class TrainingRun {
  using X = typename M::Input;
  using T = typename M::Scalar;
  using Parameters = typename M::Parameters;

 public:
  using Samples = Batch<X>;

  /// Samples that go through the layers at a time: what they leave between the layers fits a level-2 cache.
  static constexpr Index micro_batch = rank_v<X> > 2 ? 32 : 256;

  TrainingRun(const M& model, F loss, O optimizer) : loss_(std::move(loss)), optimizer_(std::move(optimizer)) {
    memories_.assign(optimizer_.memories(), zeros_like(model.parameters()));
  }

  /// Whether these are the parameters that the last step left: then what the optimizer remembers belongs to them. A model
  /// that is made where another one was has taken other steps; its extents are compared all the same.
  bool is_of(const M& model) const {
    if (model_ != &model || steps_ != model.steps()) return false;
    bool same = true;
    auto size = sizes_.begin();
    visit_parameters([&](const auto& tensor) { same = same && tensor.size() == *size++; }, model.parameters());
    return same;
  }

  const F& loss() const { return loss_; }
  const O& optimizer() const { return optimizer_; }

  /// One step over `batch_size` samples. source(first, last, scratch) gives the samples first … last of the batch, in
  /// `scratch` or elsewhere. The learning rate is multiplied by `rate`. When the loss is not finite, the parameters stay
  /// as they are and so it is told; when the parameters become so, too.
  template <typename Source>
  StepResult step(M& model, Index batch_size, Index shards, double rate, Crew& crew, const Source& source) {
    shards = std::min(shards, batch_size);
    prepare(model, shards, crew.size());
    crew.run([&](Index worker) {
      for (Index s = worker; s < shards; s += crew.size())
        learn(model, workers_[at(worker)], shards_[at(s)], batch_size * s / shards, batch_size * (s + 1) / shards, batch_size, source);
    });
    StepResult result;
    for (const Shard& shard : std::span(shards_).first(at(shards))) {
      result.loss += shard.loss;
      result.accuracy += shard.hits / static_cast<double>(batch_size);
    }
    finite_ = std::isfinite(result.loss);
    if (!finite_) return result;
    crew.run([&](Index worker) { workers_[at(worker)].finite = update(worker, crew.size(), at(shards), rate); });
    for (const Worker& worker : std::span(workers_).first(at(crew.size()))) finite_ = finite_ && worker.finite;
    model.count_step();
    model_ = &model;
    steps_ = model.steps();
    return result;
  }

  /// Whether loss and parameters were finite in the last step.
  bool finite() const { return finite_; }

 private:
  struct Worker {
    Samples batch;
    typename M::Output y, dy;
    typename M::Workspace ws;
    Parameters part;  // of the gradient: one micro-batch's
    bool finite = true;
  };
  struct Shard {
    Parameters gradient;
    double loss = 0, hits = 0;
  };

  static std::size_t at(Index i) { return static_cast<std::size_t>(i); }

  void prepare(M& model, Index shards, Index workers) {
    if (std::ssize(workers_) < workers) workers_.resize(at(workers));
    while (std::ssize(shards_) < shards) shards_.push_back({.gradient = model.parameters()});
    theta_.clear();
    sizes_.clear();
    gradients_.clear();
    memory_.clear();
    visit_parameters(
        [&](auto& tensor) {
          theta_.push_back(tensor.data());
          sizes_.push_back(tensor.size());
        },
        model.parameters());
    for (Shard& shard : std::span(shards_).first(at(shards)))
      visit_parameters([&](const auto& tensor) { gradients_.push_back(tensor.data()); }, shard.gradient);
    for (Parameters& memory : memories_) visit_parameters([&](auto& tensor) { memory_.push_back(tensor.data()); }, memory);
    transpose(gradients_, at(shards), shard_gradients_);
    transpose(memory_, memories_.size(), tensor_memory_);
  }

  /// From one list per value to one list per tensor.
  template <typename Pointer>
  void transpose(const std::vector<Pointer>& by_value, std::size_t values, std::vector<Pointer>& by_tensor) const {
    const std::size_t tensors = theta_.size();
    by_tensor.resize(tensors * values);
    for (std::size_t value = 0; value < values; ++value)
      for (std::size_t tensor = 0; tensor < tensors; ++tensor)
        by_tensor[tensor * values + value] = by_value[value * tensors + tensor];
  }

  /// One shard forward and backward: samples first … last of the batch.
  template <typename Source>
  void learn(const M& model, Worker& worker, Shard& shard, Index first, Index last, Index batch_size, const Source& source) const {
    shard.loss = shard.hits = 0;
    for (Index from = first; from < last; from += micro_batch) {
      const Index to = std::min(last, from + micro_batch);
      const Samples& samples = source(from, to, worker.batch);
      const auto& layer = model.layer();
      layer.forward(model.parameters(), samples.x, worker.ws, worker.y);
      if (samples.labels.empty())
        take_loss(worker, shard, Targets<T>(samples.targets), batch_size);
      else
        take_loss(worker, shard, Targets<T>(samples.labels), batch_size);
      Parameters& gradient = from == first ? shard.gradient : worker.part;
      X* const unwanted = nullptr;
      layer.backward(model.parameters(), samples.x, worker.y, worker.dy, worker.ws, unwanted, gradient);
      if (from != first) visit_parameters([](auto& sum, const auto& part) { sum += part; }, shard.gradient, worker.part);
    }
  }

  void take_loss(Worker& worker, Shard& shard, const Targets<T>& targets, Index batch_size) const {
    shard.loss += loss_(worker.y, targets, batch_size, worker.dy);
    shard.hits += loss_.hits(worker.y, targets);
  }

  /// This worker's slice of every tensor.
  bool update(Index worker, Index workers, std::size_t shards, double rate) const {
    constexpr Index line = static_cast<Index>(alignment / sizeof(T));  // workers share no cache line
    bool finite = true;
    for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor) {
      const Index lines = (sizes_[tensor] + line - 1) / line;
      const Piece<T> piece{.theta = theta_[tensor],
                           .memory = tensor_memory_.data() + tensor * memories_.size(),
                           .gradients = {shard_gradients_.data() + tensor * shards, shards},
                           .begin = lines * worker / workers * line,
                           .end = std::min(lines * (worker + 1) / workers * line, sizes_[tensor])};
      if (piece.begin < piece.end) finite = optimizer_.update(piece, rate) && finite;
    }
    return finite;
  }

  F loss_;
  O optimizer_;
  std::vector<Parameters> memories_;  // what the optimizer remembers
  const M* model_ = nullptr;          // of the last step
  std::uint64_t steps_ = 0;           // the model's, after it
  bool finite_ = true;
  std::vector<Worker> workers_;
  std::vector<Shard> shards_;
  std::vector<T*> theta_;  // where each tensor of the parameters stands, and beside it what belongs to it
  std::vector<Index> sizes_;
  std::vector<const T*> gradients_, shard_gradients_;
  std::vector<T*> memory_, tensor_memory_;
};

}  // namespace lamina
