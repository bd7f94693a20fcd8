#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"
#include "../core/parameters.hpp"
#include "../data/batches.hpp"
#include "../layers/layer.hpp"
#include "../losses/targets.hpp"
#include "parameter_update.hpp"
#include "step_plan.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// sum ← sum + term, tensor by tensor
template <typename T>
void add_tensors(const Places<T>& sum, const Places<T>& term) {
  for (std::size_t tensor = 0; tensor < sum.begins.size(); ++tensor) {
    T* total = sum.begins[tensor];
    const T* more = term.begins[tensor];
    for (Index i = 0; i < sum.sizes[tensor]; ++i) total[i] += more[i];
  }
}

}  // namespace detail

/// What training steps work with, and what they remember from one to the next.
///
/// A batch is cut into shards. A worker takes a whole shard forward and backward, in micro-batches that stay in its
/// caches, in a workspace of its own, and leaves the shard's gradient; then all workers together add the gradients in the
/// order of the shards and move the parameters, each its own slice of every tensor:
///
///   loss = Σ_shards loss_s        dp = Σ_shards dp_s        p ← optimizer(p, dp)
///
/// A loss whose mean is a weighted one is told the size of the batch all the same; both sums are put right by
/// size / Σ weights before the gradient is clipped and the parameters move.
///
/// Each sum has one order, whoever computed its terms: any number of threads gives the same bits. Between the two phases
/// is where gradients of other processes would be added. After the first step of a size nothing is allocated;
/// `reserve` takes care of the sizes to come.
template <typename M, typename F, typename O>
class TrainingRun {
  using X = typename M::Input;
  using T = typename M::Scalar;
  using Parameters = typename M::Parameters;

 public:
  using Samples = Batch<X>;
  using Source = FunctionRef<const Samples&(Index first, Index last, Samples& scratch)>;

  /// Samples that go through the layers at a time: what they leave between the layers fits a level-2 cache.
  static constexpr Index micro_batch = rank_v<X> > 2 ? 32 : 256;

  TrainingRun(const M& model, F loss, O optimizer, bool winograd = true)
      : loss_(std::move(loss)), winograd_(winograd), update_(places_of<T>(model.parameters()), std::move(optimizer)) {}

  /// Whether these are the parameters that the last step left: then what the optimizer remembers belongs to them. A model
  /// that is made where another one was has taken other steps; its extents are compared all the same.
  bool is_of(M& model) {
    if (model_ != &model || steps_ != model.steps()) return false;
    found_.find(model.parameters());
    return update_.is_of(found_);
  }

  const F& loss() const { return loss_; }
  const O& optimizer() const { return update_.optimizer(); }
  ParameterUpdate<T, O>& update() { return update_; }

  /// One step over `batch_size` samples. source(first, last, scratch) gives the samples first … last of the batch, in
  /// `scratch` or elsewhere. When the loss is not finite, the parameters stay as they are and so it is told; when the
  /// parameters become so, too.
  StepResult step(M& model, Index batch_size, Index shards, const StepPlan& plan, Crew& crew, const Source& source) {
    draws_ = plan.draws;
    shards = std::min(shards, batch_size);
    make_room(crew.size(), shards);
    if (prepares_) prepare(model, crew);
    run_shards(model, crew, source, {.batch_size = batch_size, .shards = shards, .samples = 0});
    StepResult result;
    double weight = 0;
    for (const Shard& shard : std::span(shards_).first(at(shards))) {
      result.loss += shard.loss;
      result.accuracy += shard.hits / static_cast<double>(batch_size);
      weight += shard.weight;
    }
    const double scale = detail::mean_scale(batch_size, weight);
    result.loss *= scale;
    finite_ = std::isfinite(result.loss);
    if (!finite_) return result;
    found_.find(model.parameters());
    update_.note_places(found_, shards, [this](Index shard) -> const Places<T>& {
      terms_.find(shards_[at(shard)].gradient);
      return terms_;
    });
    finite_ = update_.step(crew, scale, plan);
    model.count_step();
    model_ = &model;
    steps_ = model.steps();
    return result;
  }

  /// Claims all memory for batches of this many shards, each of at most `samples` samples, so that no step does: every
  /// worker of the crew, of which there are no more than shards, takes such a shard forward and, with a gradient of
  /// nothing, backward; no loss is asked.
  void reserve(const M& model, Index samples, Index shards, Crew& crew, const Source& source) {
    make_room(crew.size(), shards);
    run_shards(model, crew, source, {.batch_size = samples, .shards = crew.size(), .samples = samples});
  }

  /// Whether loss and parameters were finite in the last step.
  bool finite() const { return finite_; }

 private:
  struct Worker {
    Samples batch;
    typename M::Output y, dy;
    typename M::Workspace ws;
    Parameters part;  // of the gradient: one micro-batch's
    Places<T> sums, terms;
  };
  struct Shard {
    Parameters gradient;
    double loss = 0, hits = 0, weight = 0;
  };

  /// The work of the crew: the shards of a batch or, where memory is only claimed, a shard of so many samples for each
  /// worker.
  struct Job {
    Index batch_size, shards;
    Index samples;  // 0 for a batch
    Index begin(Index shard) const { return samples > 0 ? 0 : batch_size * shard / shards; }
    Index end(Index shard) const { return samples > 0 ? samples : batch_size * (shard + 1) / shards; }
  };

  static std::size_t at(Index i) { return static_cast<std::size_t>(i); }

  void make_room(Index workers, Index shards) {
    if (std::ssize(workers_) < workers) {
      workers_ = std::vector<Worker>(at(workers));
      for (Worker& worker : workers_) allow_winograd(worker.ws, winograd_);
    }
    if (std::ssize(shards_) < shards) shards_ = std::vector<Shard>(at(shards));
  }

  /// What every shard needs of the parameters, once for all: made in the first worker's workspace, by all together.
  void prepare(const M& model, Crew& crew) {
    typename M::Workspace& first = workers_.front().ws;
    make_ready(model.layer(), first);
    crew.run([&](Index worker) {
      Turns turns{.worker = worker, .workers = crew.size()};
      lamina::prepare(model.layer(), model.parameters(), first, turns);
    });
    prepares_ = false;
    for (Worker& worker : workers_) prepares_ = share_prepared(first, worker.ws) || prepares_;
  }

  void run_shards(const M& model, Crew& crew, const Source& source, const Job& job) {
    crew.run([&](Index worker) {
      for (Index s = worker; s < job.shards; s += crew.size()) learn(model, workers_[at(worker)], s, source, job);
    });
  }

  /// Takes a shard forward and backward, in micro-batches. Where memory is only claimed, the loss is not asked and its
  /// gradient is nothing.
  void learn(const M& model, Worker& worker, Index s, const Source& source, const Job& job) {
    Shard& shard = shards_[at(s)];
    shard.loss = shard.hits = shard.weight = 0;
    const Index first = job.begin(s), last = job.end(s);
    for (Index from = first; from < last; from += micro_batch) {
      const Index to = std::min(last, from + micro_batch);
      const Samples& samples = source(from, to, worker.batch);
      const auto& layer = model.layer();
      hand_out_keys(worker.ws, draws_, from);
      layer.forward(model.parameters(), samples.x, worker.ws, worker.y);
      if (job.samples > 0) {
        reshape(worker.dy, shape(worker.y));
        std::fill_n(worker.dy.data(), worker.dy.size(), T(0));
      } else {
        const Targets<T> targets = samples.labels.empty() ? Targets<T>(samples.targets) : Targets<T>(samples.labels);
        shard.loss += loss_(worker.y, targets, job.batch_size, worker.dy);
        shard.hits += loss_.hits(worker.y, targets);
        shard.weight += detail::weight_of(loss_, targets);
      }
      Parameters& gradient = from == first ? shard.gradient : worker.part;
      X* const unwanted = nullptr;
      layer.backward(model.parameters(), samples.x, worker.y, worker.dy, worker.ws, unwanted, gradient);
      if (from == first) continue;
      worker.sums.find(shard.gradient);
      worker.terms.find(worker.part);
      detail::add_tensors(worker.sums, worker.terms);
    }
  }

  F loss_;
  bool winograd_;
  ParameterUpdate<T, O> update_;
  Places<T> found_, terms_;   // of the parameters, of a shard's gradient
  const M* model_ = nullptr;  // of the last step
  std::uint64_t steps_ = 0;   // the model's, after it
  Rng draws_;                 // this step's
  bool finite_ = true;
  bool prepares_ = true;      // whether the layers have anything to prepare, until it is known
  std::vector<Worker> workers_;
  std::vector<Shard> shards_;
};

}  // namespace lamina
