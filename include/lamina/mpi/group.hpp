#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../training/checkpoint.hpp"
#include "gradient_buckets.hpp"
#include "session.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Replaces text by that of a rank.
void broadcast(std::string& text, Index from, MPI_Comm communicator);

/// The store of checkpoints of a run of several ranks. Rank 0 has the user's store; the others get from rank 0 what it
/// finds, and keep nothing.
class SharedStore {
 public:
  SharedStore(const CheckpointStore& store, bool first, MPI_Comm communicator)
      : store_(store), first_(first), communicator_(communicator) {}

  /// Throws DataError on all ranks if rank 0 does.
  std::optional<Checkpoint> find();
  bool due(const RunPosition& position) const { return first_ && store_.due(position); }
  void keep(const Checkpoint& run) const {
    if (first_) store_.keep(run);
  }

 private:
  CheckpointStore store_;
  bool first_;
  MPI_Comm communicator_;
};

/// The ranks of a communicator, as processes that train together.
class MpiGroup final : public ProcessGroup {
 public:
  /// Makes a group that sends a gradient in buckets of so many bytes. If 0, it is 1 MB, or 64 KB for each rank if that
  /// is more, so that messages are not too small. Of the processes, so many are on this machine.
  MpiGroup(MPI_Comm communicator, bool by_shard, Index bucket = 0, Index on_this_machine = 1);

  Index rank() const override { return rank_; }
  Index size() const override { return size_; }
  Index on_this_machine() const override { return on_this_machine_; }
  void begin(FitWork& work) override;
  void end() override { running_ = false; }
  std::unique_ptr<RunCheckpoints> open(const CheckpointStore& store, FitWork& work, RunProgress& progress) override;
  bool first_says(bool here) override;
  bool share_figures(Index parts, FunctionRef<PartFigures&(Index)> figures, std::vector<double>& numbers, bool holds) override;
  void sum(const GradientTerms<float>& gradient, ThreadPool& thread_pool) override {
    sum_in_buckets(gradient, floats_, MPI_FLOAT, thread_pool);
  }
  void sum(const GradientTerms<double>& gradient, ThreadPool& thread_pool) override {
    sum_in_buckets(gradient, doubles_, MPI_DOUBLE, thread_pool);
  }

 private:
  /// Returns a sentence about a rank that differs from rank 0, the same on all ranks; nothing if they are alike.
  std::string difference(FitWork& work) const;

  template <typename T>
  void sum_in_buckets(const GradientTerms<T>& gradient, GradientBuckets<T>& buckets, MPI_Datatype type,
                      ThreadPool& thread_pool);

  MPI_Comm communicator_;
  bool by_shard_, running_ = false;
  Index bucket_, on_this_machine_, rank_ = 0, size_ = 1;
  std::optional<SharedStore> store_;
  GradientBuckets<float> floats_;
  GradientBuckets<double> doubles_;
  std::vector<MPI_Request> sending_, gathering_;  // one per bucket
  std::vector<int> counts_;  // for each bucket: numbers to and from each rank, and where they begin
};

}  // namespace lamina::detail

#include "impl/group.ipp"
