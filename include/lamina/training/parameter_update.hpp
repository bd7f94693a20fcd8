#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"
#include "../core/parameters.hpp"
#include "../core/tensor.hpp"
#include "../optimizers/optimizer.hpp"
#include "gradient_sum.hpp"
#include "step_plan.hpp"

namespace lamina {

/// The second half of a step: the shards' gradients are added in their order, and the parameters move along the sum, each
/// worker with its own slice of every tensor. Holds what the optimizer remembers. P: parameters of T.
///
///   dp = Σ_shards dp_s        p ← optimizer(p, dp)
template <typename P, typename T, typename O>
class ParameterUpdate {
 public:
  ParameterUpdate(const P& p, O optimizer)
      : optimizer_(std::move(optimizer)), memories_(optimizer_.memories(), zeros_like(p)) {}

  const O& optimizer() const { return optimizer_; }

  /// What the optimizer remembers, and how many updates it has made: to be kept, or put back.
  std::vector<P>& memories() { return memories_; }
  std::uint64_t& updates() { return updates_; }

  /// Whether the last step's parameters had these extents.
  bool is_of(P& p) {
    found_.find(p);
    return found_.sizes == sizes_;
  }

  /// Notes where each tensor of the parameters stands, and beside it what belongs to it: what the optimizer remembers and
  /// every shard's gradient.
  void note_places(P& p, Index shards, FunctionRef<P&(Index shard)> gradient) {
    found_.find(p);
    theta_ = found_.begins;
    sizes_ = found_.sizes;
    ranks_ = found_.ranks;
    shards_ = static_cast<std::size_t>(shards);
    memory_.resize(theta_.size() * memories_.size());
    for (std::size_t m = 0; m < memories_.size(); ++m) note_column(memories_[m], memory_, m, memories_.size());
    gradients_.resize(theta_.size() * shards_);
    for (std::size_t s = 0; s < shards_; ++s) note_column(gradient(static_cast<Index>(s)), gradients_, s, shards_);
  }

  /// Moves what was noted; the sum of gradients is first multiplied by `scale`. Whether all stayed finite.
  bool step(Crew& crew, double scale, const StepPlan& plan) {
    ++updates_;
    const Summed summed = scale != 1 || plan.clip.any() ? sum_gradients(crew, scale, plan.clip) : Summed{shards_, 1};
    finite_.resize(static_cast<std::size_t>(crew.size()));
    crew.run([&](Index worker) {
      finite_[static_cast<std::size_t>(worker)] = move(worker, crew.size(), summed, plan.rate);
    });
    return std::all_of(finite_.begin(), finite_.end(), [](unsigned char finite) { return finite != 0; });
  }

 private:
  /// What is left of the shards' gradients to be added, and what they are to be multiplied by.
  struct Summed {
    std::size_t shards;
    double scale;
  };

  void note_column(P& p, std::vector<T*>& table, std::size_t column, std::size_t columns) {
    found_.find(p);
    for (std::size_t tensor = 0; tensor < found_.begins.size(); ++tensor)
      table[tensor * columns + column] = found_.begins[tensor];
  }

  /// The batch's gradient in the place of the first shard's.
  Summed sum_gradients(Crew& crew, double scale, const GradientClipping& clip) {
    sum_.begin(gradients_, sizes_, shards_);
    crew.run([&](Index worker) { sum_.add(worker, crew.size(), scale, clip.value); });
    return {1, clip.norm ? std::min(1.0, *clip.norm / (sum_.norm() + 1e-6)) : 1};
  }

  /// This worker's slice of every tensor.
  bool move(Index worker, Index workers, const Summed& summed, double rate) const {
    constexpr Index line = static_cast<Index>(alignment / sizeof(T));  // workers share no cache line
    bool finite = true;
    for (std::size_t tensor = 0; tensor < theta_.size(); ++tensor) {
      const Index size = sizes_[tensor], lines = (size + line - 1) / line;
      const Piece<T> piece{.theta = theta_[tensor],
                           .memory = memory_.data() + tensor * memories_.size(),
                           .gradients = {gradients_.data() + tensor * shards_, summed.shards},
                           .begin = lines * worker / workers * line,
                           .end = std::min(lines * (worker + 1) / workers * line, size),
                           .step = updates_,
                           .bias = ranks_[tensor] == 1};
      if (summed.scale != 1) {
        T* gradient = gradients_[tensor * shards_];
        for (Index i = piece.begin; i < piece.end; ++i) gradient[i] *= static_cast<T>(summed.scale);
      }
      if (piece.begin < piece.end) finite = optimizer_.update(piece, rate) && finite;
    }
    return finite;
  }

  O optimizer_;
  std::vector<P> memories_;    // what the optimizer remembers
  std::uint64_t updates_ = 0;  // of it
  std::size_t shards_ = 0;
  Places<T> found_;
  std::vector<T*> theta_;  // of each tensor: where its numbers stand,
  std::vector<Index> sizes_;
  std::vector<int> ranks_;
  std::vector<T*> memory_, gradients_;  // one of every memory, one of every shard
  detail::GradientSum<T> sum_;
  std::vector<unsigned char> finite_;  // of each worker
};

}  // namespace lamina
