#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/parameters.hpp"
#include "../core/tensor.hpp"
#include "../core/thread_pool.hpp"
#include "gradient_sum.hpp"
#include "moving_average.hpp"
#include "parameter_groups.hpp"
#include "step_plan.hpp"
#include "views.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The second half of a step: it adds the shards' gradients in their order and moves the parameters along the sum. Each
/// worker handles slices of every tensor. It holds the optimizer's state.
///
///   dp = Σ_shards dp_s        p ← optimizer(p, dp)        a ← average(a, p), if one is asked for (see EMA)
template <typename T>
class ParameterUpdate {
 public:
  /// Makes the update of parameters at these places. `group` has the group number of each tensor, −1 for none. It is
  /// empty if there are no groups.
  [[gnu::cold]] ParameterUpdate(const TensorViews<T>& p, const detail::OptimizerView<T>& optimizer, const std::optional<EMA>& average,
                  std::span<const ParameterGroup> groups, const std::vector<Index>& group);

  [[gnu::cold]] ParameterUpdate(const ParameterUpdate& other);
  ParameterUpdate& operator=(const ParameterUpdate&) = delete;

  const detail::OptimizerView<T>& optimizer() const { return *optimizer_; }

  /// Returns the tensors of memory m of the optimizer, in the order of the parameters.
  std::vector<std::span<T>> memory(std::size_t m);
  std::size_t state_tensors() const { return count_; }

  /// Returns the moving average of each tensor; nothing if none is asked for.
  std::vector<std::span<T>> average() { return average_ ? memory(count_) : std::vector<std::span<T>>{}; }

  /// Swaps the parameters at these places with their moving average, if one is asked for.
  void swap_average(const TensorViews<T>& p);

  /// Returns the number of updates that the optimizer has made.
  std::uint64_t& updates() { return updates_; }

  /// Returns whether the parameters have these sizes.
  bool is_of(const TensorViews<T>& p) const { return p.sizes == sizes_; }

  /// Stores the address of each parameter tensor and of the optimizer's state for it.
  void note_parameters(const TensorViews<T>& p);

  /// Stores the address of every shard's gradient of each tensor.
  void note_gradients(Index shards, FunctionRef<const TensorViews<T>&(Index shard)> gradient);

  /// Returns whether the first numbers of the lowest trained tensor's gradients are finite. `numbers` is the size of a
  /// sample: this covers a row of a Dense layer, and more than a Conv's kernel. One of them is not finite if a sample
  /// holds an infinite number, even if a Tanh hides it from the loss.
  bool begins_finite(Index numbers) const;

  /// Adds the shards' gradients, multiplies the sum by `scale` and clips it, for steps that need the whole sum before any
  /// parameter moves. `step` then uses it. Returns whether all of it is finite.
  bool sum(ThreadPool& thread_pool, double scale, const GradientClipping& clip);

  /// Returns whether a tensor keeps its values.
  bool frozen(std::size_t tensor) const { return changing_[tensor] < sizes_[tensor]; }

  /// Returns the sum of a tensor's gradients, or the result of `average_measured` for a buffer.
  std::span<T> summed(std::size_t tensor) {
    return {gradients_[tensor * shards_], static_cast<std::size_t>(sizes_[tensor])};
  }

  /// Returns the gradients of a tensor, one per shard.
  std::span<T* const> gradients_of(std::size_t tensor) const { return std::span(gradients_).subspan(tensor * shards_, shards_); }

  /// Replaces the first shard's measured values by the mean over all shards, in their order, weighted by their share of
  /// the samples.
  ///
  ///   m = Σ_shards share_s·m_s
  void average_measured(std::size_t tensor, std::span<const double> shares);

  /// Moves the parameters and gives these buffers their measured values. Returns whether all stayed finite. If the
  /// optimizer throws, everything stays as it was.
  bool step(ThreadPool& thread_pool, double rate, std::span<const std::size_t> buffers);

 private:
  static constexpr Index line = static_cast<Index>(alignment / sizeof(T));  // workers share no cache line

  /// Returns the number of cache lines of a tensor.
  static Index lines_of(Index size) { return (size + line - 1) / line; }

  /// Returns the number of stored values per parameter: the optimizer's state tensors, then the average.
  std::size_t rows() const { return count_ + (average_ ? 1 : 0); }

  T* memory_of(std::size_t m) { return memories_.data() + static_cast<Index>(m) * memories_.dimension(1); }

  /// Gives a buffer its next value. Returns whether it is finite.
  bool keep_measured(std::size_t tensor);

  /// Copies all that a step changes, before an optimizer that may throw. `put_back` restores it.
  [[gnu::cold]] void save();
  [[gnu::cold]] void put_back();

  /// Returns whether all summed gradients are finite. The norm does not tell: squares of large finite numbers may overflow.
  [[gnu::cold]] bool all_summed_finite();

  /// Returns the number of parts to cut the tensors into: more than there are workers, because one of them may come late.
  static Index parts_for(const ThreadPool& thread_pool) { return thread_pool.size() > 1 ? 2 * thread_pool.size() : 1; }

  /// Moves this part's slice of every tensor.
  bool move(Index part, Index parts, double factor, double rate) const;

  const detail::OptimizerView<T>& optimizer_of(std::size_t tensor) const {
    return groups_[tensor] < 0 ? *optimizer_ : *decayed_[static_cast<std::size_t>(groups_[tensor])];
  }

  /// Updates the average: a₁ = θ₁, then a ← a + (1 − decay)·(θ − a).
  void follow(const ParameterSlice<T>& slice) const;

  std::unique_ptr<const detail::OptimizerView<T>> optimizer_;
  std::vector<std::unique_ptr<const detail::OptimizerView<T>>> decayed_;  // one per group with a weight decay
  std::size_t count_;  // number of its state tensors
  std::optional<EMA> average_;
  Tensor<T, 2> memories_;      // one row per state tensor and one for the average; every tensor begins at a cache line
  std::uint64_t updates_ = 0;  // of the optimizer
  std::size_t shards_ = 0, added_ = 0;  // number of gradients, and how many of them are still to be added
  double factor_ = 1;      // the factor that clipping multiplies the gradient by
  std::vector<T*> theta_;  // of each tensor: the address of its numbers,
  std::vector<Index> sizes_;              // how many numbers it has,
  std::vector<Index> changing_;           // how many of them change: 0 if frozen,
  std::vector<Index> trained_;            // how many the optimizer moves: 0 for a buffer, too
  std::vector<double> rates_;           // factor of the learning rate
  std::vector<Index> groups_;           // the group whose weight decay it has, −1 for the optimizer's
  std::vector<int> ranks_;
  std::vector<T*> memory_, gradients_;  // one per row, one per shard
  detail::GradientSum<T> sum_;
  std::vector<unsigned char> finite_;  // one per part
  std::vector<T> saved_;               // the state, then the parameters, before the step of an optimizer that may throw
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/parameter_update.ipp"
#endif
