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
#include "../optimizers/optimizer.hpp"
#include "gradient_sum.hpp"
#include "step_plan.hpp"

namespace lamina {

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
      : loss_(std::move(loss)), optimizer_(std::move(optimizer)), winograd_(winograd) {
    memories_ = std::vector<Parameters>(optimizer_.memories(), zeros_like(model.parameters()));
  }

  /// Whether these are the parameters that the last step left: then what the optimizer remembers belongs to them. A model
  /// that is made where another one was has taken other steps; its extents are compared all the same.
  bool is_of(M& model) {
    if (model_ != &model || steps_ != model.steps()) return false;
    found_.find(model.parameters());
    return found_.sizes == sizes_;
  }

  const F& loss() const { return loss_; }
  const O& optimizer() const { return optimizer_; }

  /// One step over `batch_size` samples. source(first, last, scratch) gives the samples first … last of the batch, in
  /// `scratch` or elsewhere. When the loss is not finite, the parameters stay as they are and so it is told; when the
  /// parameters become so, too.
  StepResult step(M& model, Index batch_size, Index shards, const StepPlan& plan, Crew& crew, const Source& source) {
    draws_ = plan.draws;
    shards = std::min(shards, batch_size);
    make_room(crew.size(), shards);
    if (prepares_) prepare(model, crew);
    crew.run([&](Index worker) {
      for (Index s = worker; s < shards; s += crew.size()) {
        Shard& shard = shards_[at(s)];
        shard.loss = shard.hits = shard.weight = 0;
        learn(model, workers_[at(worker)], shard.gradient, batch_size * s / shards, batch_size * (s + 1) / shards, source,
              [&](Worker& learner, const Targets<T>& targets) {
                shard.loss += loss_(learner.y, targets, batch_size, learner.dy);
                shard.hits += loss_.hits(learner.y, targets);
                shard.weight += detail::weight_of(loss_, targets);
              });
      }
    });
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
    note_places(model.parameters(), at(shards));
    ++updates_;
    const Summed summed = scale != 1 || plan.clip.any() ? sum_gradients(crew, at(shards), scale, plan.clip) : Summed{at(shards), 1};
    crew.run([&](Index worker) { workers_[at(worker)].finite = update(worker, crew.size(), at(shards), summed, plan.rate); });
    for (const Worker& worker : std::span(workers_).first(at(crew.size()))) finite_ = finite_ && worker.finite;
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
    crew.run([&](Index worker) {
      learn(model, workers_[at(worker)], shards_[at(worker)].gradient, 0, samples, source, [](Worker& learner, const Targets<T>&) {
        reshape(learner.dy, shape(learner.y));
        std::fill_n(learner.dy.data(), learner.dy.size(), T(0));
      });
    });
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
    bool finite = true;
  };
  struct Shard {
    Parameters gradient;
    double loss = 0, hits = 0, weight = 0;
  };
  /// What is left of the shards' gradients to be added, and what they are to be multiplied by.
  struct Summed {
    std::size_t shards;
    double scale;
  };

  using TakeLoss = FunctionRef<void(Worker&, const Targets<T>&)>;

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

  /// Notes where each tensor of the parameters stands, and beside it what belongs to it: what the optimizer remembers and
  /// every shard's gradient.
  void note_places(Parameters& p, std::size_t shards) {
    found_.find(p);
    theta_ = found_.begins;
    sizes_ = found_.sizes;
    ranks_ = found_.ranks;
    memory_.resize(theta_.size() * memories_.size());
    for (std::size_t m = 0; m < memories_.size(); ++m) note_column(memories_[m], memory_, m, memories_.size());
    gradients_.resize(theta_.size() * shards);
    for (std::size_t s = 0; s < shards; ++s) note_column(shards_[s].gradient, gradients_, s, shards);
  }
  void note_column(Parameters& p, std::vector<T*>& table, std::size_t column, std::size_t columns) {
    found_.find(p);
    for (std::size_t tensor = 0; tensor < found_.begins.size(); ++tensor)
      table[tensor * columns + column] = found_.begins[tensor];
  }

  /// One shard forward and backward: samples first … last of the batch. take_loss(worker, targets) leaves ∂loss/∂y in
  /// worker.dy.
  void learn(const M& model, Worker& worker, Parameters& sum, Index first, Index last, const Source& source,
             TakeLoss take_loss) const {
    for (Index from = first; from < last; from += micro_batch) {
      const Index to = std::min(last, from + micro_batch);
      const Samples& samples = source(from, to, worker.batch);
      const auto& layer = model.layer();
      hand_out_keys(worker.ws, draws_, from);
      layer.forward(model.parameters(), samples.x, worker.ws, worker.y);
      take_loss(worker, samples.labels.empty() ? Targets<T>(samples.targets) : Targets<T>(samples.labels));
      Parameters& gradient = from == first ? sum : worker.part;
      X* const unwanted = nullptr;
      layer.backward(model.parameters(), samples.x, worker.y, worker.dy, worker.ws, unwanted, gradient);
      if (from != first) add(worker, sum);
    }
  }

  /// sum ← sum + the worker's part
  void add(Worker& worker, Parameters& sum) const {
    worker.sums.find(sum);
    worker.terms.find(worker.part);
    for (std::size_t tensor = 0; tensor < worker.sums.begins.size(); ++tensor) {
      T* total = worker.sums.begins[tensor];
      const T* term = worker.terms.begins[tensor];
      for (Index i = 0; i < worker.sums.sizes[tensor]; ++i) total[i] += term[i];
    }
  }

  /// The batch's gradient in the place of the first shard's.
  Summed sum_gradients(Crew& crew, std::size_t shards, double scale, const GradientClipping& clip) {
    sum_.begin(gradients_, sizes_, shards);
    crew.run([&](Index worker) { sum_.add(worker, crew.size(), scale, clip.value); });
    return {1, clip.norm ? std::min(1.0, *clip.norm / (sum_.norm() + 1e-6)) : 1};
  }

  /// This worker's slice of every tensor.
  bool update(Index worker, Index workers, std::size_t shards, const Summed& summed, double rate) const {
    constexpr Index line = static_cast<Index>(alignment / sizeof(T));  // workers share no cache line
    bool finite = true;
    for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor) {
      const Index size = sizes_[tensor], lines = (size + line - 1) / line;
      const Piece<T> piece{.theta = theta_[tensor],
                           .memory = memory_.data() + tensor * memories_.size(),
                           .gradients = {gradients_.data() + tensor * shards, summed.shards},
                           .begin = lines * worker / workers * line,
                           .end = std::min(lines * (worker + 1) / workers * line, size),
                           .step = updates_,
                           .bias = ranks_[tensor] == 1};
      if (summed.scale != 1) {
        T* gradient = gradients_[tensor * shards];
        for (Index i = piece.begin; i < piece.end; ++i) gradient[i] *= static_cast<T>(summed.scale);
      }
      if (piece.begin < piece.end) finite = optimizer_.update(piece, rate) && finite;
    }
    return finite;
  }

  F loss_;
  O optimizer_;
  bool winograd_;
  std::vector<Parameters> memories_;  // what the optimizer remembers
  const M* model_ = nullptr;          // of the last step
  std::uint64_t steps_ = 0;           // the model's, after it
  std::uint64_t updates_ = 0;         // of what the optimizer remembers
  Rng draws_;                         // this step's
  bool finite_ = true;
  bool prepares_ = true;              // whether the layers have anything to prepare, until it is known
  std::vector<Worker> workers_;
  std::vector<Shard> shards_;
  Places<T> found_;
  std::vector<T*> theta_;  // of each tensor: where its numbers stand,
  std::vector<Index> sizes_;
  std::vector<int> ranks_;
  std::vector<T*> memory_, gradients_;  // one of every memory, one of every shard
  detail::GradientSum<T> sum_;
};

}  // namespace lamina
