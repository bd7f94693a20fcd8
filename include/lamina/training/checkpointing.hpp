#pragma once

#include <bit>
#include <memory>
#include <utility>
#include <vector>

#include "carry_run.hpp"
#include "checkpoint_parts.hpp"
#include "run_checksums.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A RunCheckpoints that stores a run of `fit` in a store of checkpoints and restores it.
class Checkpointing final : public RunCheckpoints {
 public:
  Checkpointing(const CheckpointStore& store, FitWork& work, RunProgress& progress)
      : store_(store), work_(work), progress_(progress) {}

  [[gnu::cold]] void begin(History& history) override;

  void after_batch(History& history, bool stops) override {
    if (stops || store_.due(position())) keep(history, work_.parameters());
  }
  void after_epoch(History& history, bool stops) override {
    if (stops || progress_.finished() || store_.due(position())) keep(history, work_.parameters());
  }

 private:
  RunPosition position() const;

  [[gnu::cold]] void keep(History& history, std::span<const NumberBytes> parameters);

  /// Replaces this run's state by the checkpoint's.
  [[gnu::cold]] void take(const Checkpoint& kept, History& history, std::span<const NumberBytes> parameters);

  /// Carries all state that changes from batch to batch into a checkpoint, or out of one.
  [[gnu::cold]] void carry(RunArchive& archive, History& history, Index& steps,
                           std::span<const NumberBytes> parameters);

  [[gnu::cold]] static Index digest(std::span<const NumberBytes> places) {
    return std::bit_cast<Index>(digest_of(places).value());
  }

  CheckpointStore store_;
  FitWork& work_;
  RunProgress& progress_;
  RunDescription run_;
  std::vector<RunSetting> settings_;
  Index first_steps_ = 0;       // the model's steps when the run began
  Index first_parameters_ = 0;  // a checksum of the parameters that the run began with
  bool begun_ = false;           // the model is where the run continues
};

inline std::unique_ptr<RunCheckpoints> open_checkpointing(const CheckpointStore& store, FitWork& work, RunProgress& progress) {
  return std::make_unique<Checkpointing>(store, work, progress);
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/checkpointing.ipp"
#endif
