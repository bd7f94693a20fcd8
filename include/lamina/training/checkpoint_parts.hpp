#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkpoint_store.hpp"
#include "history.hpp"

namespace LAMINA_NAMESPACE {

/// The complete state of a run of `fit` between two of its batches.
struct Checkpoint {
  /// A tensor of numbers, in this machine's byte order.
  struct Part {
    std::string name = {};                  // "parameters.0.weight"
    std::string dtype = {};                 // "F32", "F64" or "I64"
    std::vector<std::uint64_t> shape = {};  // empty for a single number
    std::span<const std::byte> numbers = {};
  };

  RunPosition position = {};
  std::vector<RunSetting> settings = {};  // settings that decide the run besides its state; they must match to continue
  std::vector<Part> parts = {};
  std::vector<std::byte> file = {};  // owns the parts' numbers if the run was read from a file
  std::string origin = {};           // the name that errors use: the file's

  Checkpoint() = default;
  Checkpoint(Checkpoint&&) = default;  // keeps the parts where they are
  Checkpoint& operator=(Checkpoint&&) = default;
};

inline std::optional<Checkpoint> CheckpointStore::find() const { return calls_->find(store_); }
inline void CheckpointStore::keep(const Checkpoint& run) const { calls_->keep(store_, run); }

}  // namespace lamina
