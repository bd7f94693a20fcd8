#pragma once

#include <memory>
#include <span>
#include <vector>

#include "../core/function_ref.hpp"
#include "../core/shape.hpp"
#include "../core/thread_pool.hpp"
#include "../metrics/regression_scores.hpp"
#include "checkpoint_store.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A range of the parts of something, such as the shards of a batch.
struct PartRange {
  Index first, last;
  Index size() const { return last - first; }
};

/// One process's terms of the sum of a step's gradients.
template <typename T>
struct GradientTerms {
  struct Tensor {
    std::span<T* const> terms;  // the gradients of this process's shards, in their order
    Index size;
    T* sum = nullptr;           // the group writes here where the sum is; it may be changed until the next one
  };

  std::span<Tensor> trained;   // to be added up
  std::span<Tensor> measured;  // buffers: to become their mean, weighted by the samples of the shards
  Index batch_size, shards;    // of the whole step
};

/// The figures of the predictions for a part of a set: a shard of a batch, or a chunk in evaluation.
struct PartFigures {
  double loss = 0, correct = 0, weight = 0;
  ErrorSums errors{};  // without outputs unless the targets are numbers
};

/// The processes that train one model together, each its part of the shards of every batch. All of them call the same
/// functions in the same order, from the thread that called `fit`. lamina/mpi.hpp has one.
class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;

  virtual Index rank() const = 0;
  virtual Index size() const = 0;

  /// Returns how many of the processes share this machine's processors.
  virtual Index on_this_machine() const = 0;

  /// Returns which of so many parts are this process's: part p is rank r's if ⌊parts·r/size⌋ ≤ p < ⌊parts·(r + 1)/size⌋.
  PartRange own(Index parts) const { return {parts * rank() / size(), parts * (rank() + 1) / size()}; }

  /// Begins a run of `fit`. Throws OptionError on all ranks if one of them has other data, options or parameters.
  virtual void begin(FitWork& work) = 0;
  virtual void end() = 0;

  /// Returns the checkpoints of a run: rank 0's store keeps them, and all ranks continue from them. Null if it has none.
  virtual std::unique_ptr<RunCheckpoints> open(const CheckpointStore& store, FitWork& work, RunProgress& progress) = 0;

  /// Returns what rank 0 says.
  virtual bool first_says(bool here) = 0;

  /// Gives every process the figures of all parts; each has computed those of its own parts. `numbers` is memory.
  /// Returns whether `holds` holds on all ranks.
  virtual bool share_figures(Index parts, FunctionRef<PartFigures&(Index)> figures, std::vector<double>& numbers,
                             bool holds = true) = 0;

  /// Adds up the gradients of all ranks' shards. All ranks get the same bits.
  virtual void sum(const GradientTerms<float>& gradient, ThreadPool& thread_pool) = 0;
  virtual void sum(const GradientTerms<double>& gradient, ThreadPool& thread_pool) = 0;
};

}  // namespace lamina::detail
