#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"
#include "../core/parameters.hpp"
#include "../core/tensor.hpp"
#include "gradient_sum.hpp"
#include "moving_average.hpp"
#include "parameter_groups.hpp"
#include "step_plan.hpp"
#include "views.hpp"

namespace LAMINA_NAMESPACE {

/// The second half of a step: the shards' gradients are added in their order, and the parameters move along the sum, each
/// worker with slices of every tensor. Holds what the optimizer remembers.
///
///   dp = Σ_shards dp_s        p ← optimizer(p, dp)        a ← average(a, p), where one is asked for (see EMA)
template <typename T>
class ParameterUpdate {
 public:
  /// Makes the update of parameters at such places. `group` has the number of the group that each tensor is in, −1 for none, or is empty
  /// where there are no groups.
  [[gnu::cold]] ParameterUpdate(const Places<T>& p, const detail::OptimizerView<T>& optimizer, const std::optional<EMA>& average,
                  std::span<const ParameterGroup> groups, const std::vector<Index>& group);

  [[gnu::cold]] ParameterUpdate(const ParameterUpdate& other);
  ParameterUpdate& operator=(const ParameterUpdate&) = delete;

  const detail::OptimizerView<T>& optimizer() const { return *optimizer_; }

  /// Returns where memory m of the optimizer stands: tensors as those of the parameters.
  std::vector<std::span<T>> memory(std::size_t m);
  std::size_t memories() const { return count_; }

  /// Returns where the moving average of each tensor stands; nothing where none is asked for.
  std::vector<std::span<T>> average() { return average_ ? memory(count_) : std::vector<std::span<T>>{}; }

  /// Exchanges the parameters at such places and their moving average, where one is asked for.
  void swap_average(const Places<T>& p);

  /// Returns how many updates the optimizer has made.
  std::uint64_t& updates() { return updates_; }

  /// Returns whether the parameters have these sizes.
  bool is_of(const Places<T>& p) const { return p.sizes == sizes_; }

  /// Notes where each tensor of the parameters stands, and beside it what the optimizer remembers of it.
  void note_parameters(const Places<T>& p);

  /// Notes where every shard's gradient of each tensor stands.
  void note_gradients(Index shards, FunctionRef<const Places<T>&(Index shard)> gradient);

  /// Returns whether the first numbers of the lowest trained tensor's gradients are finite. As many as a sample has are a row
  /// of a Dense layer's and more than a Conv's kernel: one of them is not when the samples hold a number that is infinite, even
  /// where a Tanh hides it from the loss.
  bool begins_finite(Index numbers) const;

  /// Adds the shards' gradients up and multiplies the sum by `scale`, where all of it must be known before any number moves.
  /// Clips it. `step` takes it from there. Returns whether all of it is finite.
  bool sum(Crew& crew, double scale, const GradientClipping& clip);

  /// Returns whether a tensor keeps its values.
  bool frozen(std::size_t tensor) const { return changing_[tensor] < sizes_[tensor]; }

  /// Returns the sum's numbers of a tensor, or what `average_measured` made of a buffer.
  std::span<T> summed(std::size_t tensor) {
    return {gradients_[tensor * shards_], static_cast<std::size_t>(sizes_[tensor])};
  }

  /// Replaces what the first shard measured by the mean of what all did, in their order, each weighted by its share of the
  /// samples.
  ///
  ///   m = Σ_shards share_s·m_s
  void average_measured(std::size_t tensor, std::span<const double> shares);

  /// Moves what was noted, and gives these buffers what was measured. Returns whether all stayed finite. What an optimizer
  /// throws leaves everything as it was.
  bool step(Crew& crew, double rate, std::span<const std::size_t> buffers);

 private:
  static constexpr Index line = static_cast<Index>(alignment / sizeof(T));  // workers share no cache line

  /// Returns how many cache lines a tensor takes.
  static Index lines_of(Index size) { return (size + line - 1) / line; }

  /// Returns how many values of the parameters' type are remembered: the optimizer's, then the average.
  std::size_t rows() const { return count_ + (average_ ? 1 : 0); }

  T* memory_of(std::size_t m) { return memories_.data() + static_cast<Index>(m) * memories_.dimension(1); }

  /// Gives a buffer its next value. Returns whether it is finite.
  bool keep_measured(std::size_t tensor);

  /// Copies all that a step changes, before an optimizer that may throw; and puts it back when it did.
  [[gnu::cold]] void save();
  [[gnu::cold]] void put_back();

  /// The squares of large finite numbers may have an infinite sum.
  [[gnu::cold]] bool all_summed_finite();

  /// Returns in how many parts the tensors are cut: more than there are workers, as one of them may come late.
  static Index parts_for(const Crew& crew) { return crew.size() > 1 ? 2 * crew.size() : 1; }

  /// This part's slice of every tensor.
  bool move(Index part, Index parts, double factor, double rate) const;

  const detail::OptimizerView<T>& optimizer_of(std::size_t tensor) const {
    return groups_[tensor] < 0 ? *optimizer_ : *decayed_[static_cast<std::size_t>(groups_[tensor])];
  }

  /// a₁ = θ₁, then a ← a + (1 − decay)·(θ − a)
  void follow(const Piece<T>& piece) const;

  std::unique_ptr<const detail::OptimizerView<T>> optimizer_;
  std::vector<std::unique_ptr<const detail::OptimizerView<T>>> decayed_;  // one of each group with a weight decay
  std::size_t count_;  // of its memories
  std::optional<EMA> average_;
  Tensor<T, 2> memories_;      // a row each, and one of the average: every tensor from a cache line on
  std::uint64_t updates_ = 0;  // of it
  std::size_t shards_ = 0, added_ = 0;  // how many gradients there are, and how many of them are still to be added
  double factor_ = 1;      // what clipping has left to multiply the gradient by
  std::vector<T*> theta_;  // of each tensor: where its numbers stand,
  std::vector<Index> sizes_;              // how many numbers it has,
  std::vector<Index> changing_;           // how many of them change: none of a frozen one,
  std::vector<Index> trained_;            // and how many the optimizer moves: none of a buffer, either
  std::vector<double> rates_;           // what the learning rate is multiplied by
  std::vector<Index> groups_;           // whose weight decay it has, −1 for the optimizer's
  std::vector<int> ranks_;
  std::vector<T*> memory_, gradients_;  // one of every row, one of every shard
  detail::GradientSum<T> sum_;
  std::vector<unsigned char> finite_;  // of each part
  std::vector<T> saved_;               // the memories, then the parameters, before the step of an optimizer that may throw
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/parameter_update.ipp"
#endif
