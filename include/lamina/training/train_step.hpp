#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/parameters.hpp"
#include "../core/thread_pool.hpp"
#include "../models/model.hpp"
#include "parameter_update.hpp"
#include "step_plan.hpp"
#include "views.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The options of all steps of a run.
struct RunOptions {
  const char* who = "fit";  // for errors
  Arithmetic arithmetic{};
  Index threads = 1;
  std::optional<EMA> average{};
  std::span<const ParameterGroup> groups{};
};

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

/// The state and the memory of training steps.
///
/// A batch is cut into shards. A worker takes a whole shard forward and backward in its own workspace, in micro-batches
/// that fit its caches, and computes the shard's gradient. If the machine runs several times as many threads as there are
/// workers, each worker has a team of them, among which layers share their work. Then all workers together add the gradients in the order of
/// the shards and move the parameters, each its own slice of every tensor:
///
///   loss = Σ_shards loss_s        dp = Σ_shards dp_s        p ← optimizer(p, dp)
///
/// A loss with a weighted mean also gets the batch size; both sums are multiplied by size / Σ weights before the gradient
/// is clipped and the parameters move. A buffer, see Buffer, becomes the mean of the shards' measurements. A frozen layer
/// runs as in inference, and no layer below the lowest trained one runs backward.
///
/// Each sum has a fixed order, whichever worker computes its terms, so any number of threads gives the same bits. A
/// reducer is called between the two phases. After the first step of a size nothing is allocated; `reserve` does the same
/// for later sizes.
template <typename T>
class TrainStep {
 public:
  using Samples = detail::Samples<T>;
  using SamplesRef = detail::SamplesRef<T>;
  using Source = FunctionRef<SamplesRef(Index first, Index last, Samples& scratch)>;
  using LossView = detail::LossView<T>;
  using OptimizerView = detail::OptimizerView<T>;

  /// Makes the state of a run. Throws OptionError if the groups do not fit this model.
  [[gnu::cold]] TrainStep(const BasicModel<T>& model, const LossView& loss,
              const OptimizerView& optimizer, const detail::RunOptions& options);

  /// Copies the optimizer's state.
  [[gnu::cold]] TrainStep(const TrainStep& other)
      : who_(other.who_), loss_(other.loss_->copy()), arithmetic_(other.arithmetic_), threads_(other.threads_), update_(other.update_), program_(other.program_), sample_size_(other.sample_size_), update_is_worth_sharing_(other.update_is_worth_sharing_),
        model_(other.model_), steps_(other.steps_), diverged_(other.diverged_), buffers_(other.buffers_), frozen_(other.frozen_),
        any_frozen_(other.any_frozen_) {}
  TrainStep& operator=(const TrainStep&) = delete;

  /// Returns whether these are the parameters that the last step left, so that the optimizer's state belongs to them. A
  /// new model at the same address has taken a different number of steps; its extents are compared as well.
  bool is_of(BasicModel<T>& model);

  /// Sets how many threads are used, those of the pool among them: at most as many as the machine can run at once.
  void use_threads(Index threads) { threads_ = threads; }

  /// Sets how products are computed. Returns whether that is new; then the memory of earlier steps is given back.
  bool use_arithmetic(const Arithmetic& arithmetic) {
    if (arithmetic_ == arithmetic) return false;
    arithmetic_ = arithmetic;
    workers_.clear();
    packs_ = true;
    return true;
  }

  const LossView& loss() const { return *loss_; }
  const OptimizerView& optimizer() const { return update_.optimizer(); }
  ParameterUpdate<T>& update() { return update_; }

  /// Makes one step over `batch_size` samples. source(first, last, scratch) returns the samples first … last of the
  /// batch, in `scratch` or elsewhere. Reports a non-finite loss or gradient (parameters unchanged) or parameters that
  /// became non-finite, see diverged.
  StepResult step(BasicModel<T>& model, Index batch_size, Index shards, const StepPlan& plan, ThreadPool& thread_pool,
                  const Source& source);

  /// Throws OptionError if the model is another network than the one that this run began with.
  void expect_network(BasicModel<T>& model);

  /// Allocates all memory for batches of this many shards with at most `samples` samples each, so that no step does.
  /// Every worker of the pool (at most one per shard) takes such a shard forward and, with a zero gradient, backward. The
  /// loss is not called. Throws as expect_network.
  [[gnu::cold]] void reserve(BasicModel<T>& model, Index samples, Index shards, ThreadPool& thread_pool, const Source& source);

  /// Returns what was not finite in the last step: "the loss", "the gradient", "the parameters", or null.
  const char* diverged() const { return diverged_; }

  /// Returns the errors of the last step's predictions for regression with target rows; otherwise sums over no samples.
  const detail::ErrorSums& errors() const { return errors_; }

 private:
  /// The weight of a step's gradient among those of other processes.
  struct Counted {
    Index samples;
    double weight;
  };

  using Values = std::unique_ptr<ModelParameters<T>>;
  using NamedTensor = detail::NamedTensor;

  struct Worker {
    Samples batch;
    Tensor<T, 2> y, dy;
    typename detail::Program<T>::Memory memory;
    Values part;  // of the gradient of one micro-batch
    TensorViews<T> sums, terms;
    std::unique_ptr<ThreadPool> team;  // of which it is the first thread; null if it works alone
  };

  /// The work of the threads: this process's shards of a batch or, if only memory is allocated, one shard of so many
  /// samples per worker.
  struct Job {
    Index batch_size, shards;
    PartRange own;
    Index samples;  // 0 for a batch
    Index begin(Index shard) const { return samples > 0 ? 0 : batch_size * shard / shards; }
    Index end(Index shard) const { return samples > 0 ? samples : batch_size * (shard + 1) / shards; }
  };

  /// Returns how many samples go through the layers at a time, so that the activations fit a level-2 cache. Layers that
  /// measure need the whole shard.
  Index micro_batch(const BasicModel<T>& model, Index shard) const {
    return !buffers_.empty() ? shard : model.sample_extents().size() > 1 ? 32 : 256;
  }

  /// Notes which tensors are buffers, and which layers are frozen.
  [[gnu::cold]] void note_roles(const BasicModel<T>& model);

  /// Gives the first shard's buffers the mean over all shards.
  [[gnu::cold]] void average_measured(const Job& job);

  /// Replaces the gradients of this process's shards by the sum over all processes' shards, and their buffers by the mean.
  [[gnu::cold]] void sum_over_processes(ThreadPool& thread_pool, const Job& job, ProcessGroup& group);

  /// Makes room for so many gradients, and for the figures of so many shards.
  [[gnu::cold]] void make_room(const BasicModel<T>& model, Index workers, Index gradients, Index shards);

  /// Gives each of the pool's workers its team.
  void make_teams(const ThreadPool& thread_pool);

  /// Returns the threads for what is not done shard by shard.
  ThreadPool& all_of(ThreadPool& thread_pool) {
    const auto& team = workers_.front().team;
    return thread_pool.size() == 1 && team && update_is_worth_sharing_ ? *team : thread_pool;
  }

  /// Prepares what every shard needs of the parameters, once for all, in the first worker's workspace with all workers.
  [[gnu::cold]] void pack_weights(const BasicModel<T>& model, ThreadPool& thread_pool);

  void run_shards(const BasicModel<T>& model, ThreadPool& thread_pool, const Source& source, const Job& job);

  /// Takes a shard forward and backward, in micro-batches. If only memory is allocated, it does not call the loss and
  /// uses a zero gradient.
  void learn(const BasicModel<T>& model, Worker& worker, Index s, const Source& source, const Job& job);

  /// Passes the sum of the shards' gradients, multiplied by `scale`, to the reducer, unless it is not finite. Returns
  /// whether it is finite.
  [[gnu::noinline]] bool reduce(BasicModel<T>& model, ThreadPool& thread_pool, double scale, const Counted& counted,
                                const Reducer& reducer);

  const char* who_;  // for errors
  std::unique_ptr<const LossView> loss_;
  Arithmetic arithmetic_;
  Index threads_;  // that are used
  ParameterUpdate<T> update_;
  detail::Program<T> program_;           // the model's
  Index sample_size_;                    // numbers per sample
  bool update_is_worth_sharing_;         // a worker's own team; the gradient is in its core's cache
  TensorViews<T> found_, terms_;         // of the parameters, of a shard's gradient
  const BasicModel<T>* model_ = nullptr;  // of the last step
  std::uint64_t steps_ = 0;              // the model's, after the last step
  Rng draws_;                            // of this step
  const char* diverged_ = nullptr;
  bool packs_ = true;                    // whether layers have anything to pack; true until known
  std::vector<std::size_t> buffers_;     // indices of the buffers that are not frozen
  typename detail::Program<T>::Frozen frozen_;
  bool any_frozen_ = false;
  std::vector<double> shares_;           // each shard's share of the batch, if there are buffers
  std::vector<Worker> workers_;
  std::vector<Values> gradients_;     // of this process's shards
  std::vector<PartFigures> figures_;  // of all shards
  detail::ErrorSums errors_;             // of the last step
  std::vector<NamedTensor> tensors_;  // of the parameters, if a reducer needed them
  std::vector<typename StepGradient<T>::Tensor> summed_, measured_;
  std::vector<typename GradientTerms<T>::Tensor> trained_terms_, measured_terms_;  // if there are other processes
  std::vector<double> shared_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/train_step.ipp"
#endif
