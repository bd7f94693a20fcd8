#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"
#include "../core/parameters.hpp"
#include "../models/model.hpp"
#include "parameter_update.hpp"
#include "step_plan.hpp"
#include "views.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The options that hold for all steps of a run.
struct RunOptions {
  const char* who = "fit";  // for errors
  bool winograd = true;
  std::optional<EMA> average{};
  std::span<const ParameterGroup> groups{};
};

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

/// What training steps work with, and what they remember from one to the next.
///
/// A batch is cut into shards. A worker takes a whole shard forward and backward, in micro-batches that stay in its
/// caches, in a workspace of its own, and leaves the shard's gradient; then all workers together add the gradients in the
/// order of the shards and move the parameters, each its own slice of every tensor:
///
///   loss = Σ_shards loss_s        dp = Σ_shards dp_s        p ← optimizer(p, dp)
///
/// A loss whose mean is a weighted one is told the size of the batch all the same; both sums are put right by
/// size / Σ weights before the gradient is clipped and the parameters move. A buffer, see Buffer, becomes the mean of what
/// the shards measured; a frozen layer runs as in inference, and below the lowest trained one nothing runs backward.
///
/// Each sum has one order, whoever computed its terms: any number of threads gives the same bits. Where a reducer is given,
/// it is called between the two phases. After the first step of a size nothing is allocated; `reserve` takes care of the
/// sizes to come.
template <typename T>
class TrainingRun {
 public:
  using Samples = detail::Samples<T>;
  using SamplesRef = detail::SamplesRef<T>;
  using Source = FunctionRef<SamplesRef(Index first, Index last, Samples& scratch)>;
  using LossView = detail::LossView<T>;
  using OptimizerView = detail::OptimizerView<T>;

  /// Throws OptionError when the groups are none of this model.
  [[gnu::cold]] TrainingRun(const BasicModel<T>& model, const LossView& loss,
              const OptimizerView& optimizer, const detail::RunOptions& options);

  /// Copies what the optimizer remembers.
  [[gnu::cold]] TrainingRun(const TrainingRun& other)
      : who_(other.who_), loss_(other.loss_->copy()), winograd_(other.winograd_), update_(other.update_), program_(other.program_), sample_size_(other.sample_size_),
        model_(other.model_), steps_(other.steps_), diverged_(other.diverged_), buffers_(other.buffers_), frozen_(other.frozen_),
        any_frozen_(other.any_frozen_) {}
  TrainingRun& operator=(const TrainingRun&) = delete;

  /// Whether these are the parameters that the last step left: then what the optimizer remembers belongs to them. A model
  /// that is made where another one was has taken other steps; its extents are compared all the same.
  bool is_of(BasicModel<T>& model);

  const LossView& loss() const { return *loss_; }
  const OptimizerView& optimizer() const { return update_.optimizer(); }
  ParameterUpdate<T>& update() { return update_; }

  /// One step over `batch_size` samples. source(first, last, scratch) gives the samples first … last of the batch, in
  /// `scratch` or elsewhere. When the loss or the gradient is not finite, the parameters stay as they are and so it is
  /// told; when the parameters become so, too.
  StepResult step(BasicModel<T>& model, Index batch_size, Index shards, const StepPlan& plan, Crew& crew,
                  const Source& source);

  /// Throws OptionError when the model is another network than the one that this run began with.
  void expect_network(BasicModel<T>& model);

  /// Claims all memory for batches of this many shards, each of at most `samples` samples, so that no step does: every
  /// worker of the crew, of which there are no more than shards, takes such a shard forward and, with a gradient of
  /// nothing, backward; no loss is asked. Throws as expect_network.
  [[gnu::cold]] void reserve(BasicModel<T>& model, Index samples, Index shards, Crew& crew, const Source& source);

  /// Returns what was not finite in the last step: "the loss", "the gradient", "the parameters", or null.
  const char* diverged() const { return diverged_; }

  /// The errors of the last step's predictions, where the loss judges numbers and the samples have rows of them; else of no
  /// samples.
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
    Values part;  // of the gradient: one micro-batch's
    Places<T> sums, terms;
  };
  struct Shard {
    Values gradient;
    double loss = 0, hits = 0, weight = 0;
    detail::ErrorSums errors;
  };

  /// The work of the crew: the shards of a batch or, where memory is only claimed, a shard of so many samples for each
  /// worker.
  struct Job {
    Index batch_size, shards;
    Index samples;  // 0 for a batch
    Index begin(Index shard) const { return samples > 0 ? 0 : batch_size * shard / shards; }
    Index end(Index shard) const { return samples > 0 ? samples : batch_size * (shard + 1) / shards; }
  };

  /// Returns how many samples go through the layers at a time: what they leave between the layers fits a level-2 cache.
  /// Where layers measure, they measure all of a shard.
  Index micro_batch(const BasicModel<T>& model, Index shard) const {
    return !buffers_.empty() ? shard : model.sample_extents().size() > 1 ? 32 : 256;
  }

  /// Notes which tensors are buffers, and which layers are frozen.
  [[gnu::cold]] void note_roles(const BasicModel<T>& model);

  /// Gives the first shard's buffers what all have measured.
  [[gnu::cold]] void average_measured(Index batch_size, Index shards);

  [[gnu::cold]] void make_room(const BasicModel<T>& model, Index workers, Index shards);

  /// What every shard needs of the parameters, once for all: made in the first worker's workspace, by all together.
  [[gnu::cold]] void prepare(const BasicModel<T>& model, Crew& crew);

  void run_shards(const BasicModel<T>& model, Crew& crew, const Source& source, const Job& job);

  /// Takes a shard forward and backward, in micro-batches. Where memory is only claimed, the loss is not asked and its
  /// gradient is nothing.
  void learn(const BasicModel<T>& model, Worker& worker, Index s, const Source& source, const Job& job);

  /// Shows the sum of the shards' gradients, multiplied by `scale`, to the reducer, unless it is not finite. Returns whether
  /// it is.
  [[gnu::noinline]] bool reduce(BasicModel<T>& model, Crew& crew, double scale, const Counted& counted,
                                const Reducer& reducer);

  const char* who_;  // for errors
  std::unique_ptr<const LossView> loss_;
  bool winograd_;
  ParameterUpdate<T> update_;
  detail::Program<T> program_;           // the model's
  Index sample_size_;                    // how many numbers its samples have
  Places<T> found_, terms_;              // of the parameters, of a shard's gradient
  const BasicModel<T>* model_ = nullptr;  // of the last step
  std::uint64_t steps_ = 0;              // the model's, after it
  Rng draws_;                            // this step's
  const char* diverged_ = nullptr;
  bool prepares_ = true;                 // whether the layers have anything to prepare, until it is known
  std::vector<std::size_t> buffers_;     // the numbers of those that are not frozen, among the tensors
  typename detail::Program<T>::Frozen frozen_;
  bool any_frozen_ = false;
  std::vector<double> shares_;           // of the batch that each shard has, where there are buffers
  std::vector<Worker> workers_;
  std::vector<Shard> shards_;
  detail::ErrorSums errors_;             // of the last step
  std::vector<NamedTensor> tensors_;  // of the parameters, where a reducer asked for them
  std::vector<typename StepGradient<T>::Tensor> summed_, measured_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/training_run.ipp"
#endif
