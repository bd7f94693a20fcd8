#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history.hpp"
#include "run_keeper.hpp"

namespace LAMINA_NAMESPACE {

/// A run of `fit` between two of its batches: all that the rest of it depends on.
struct KeptRun {
  /// A tensor of numbers, as this machine has them in memory.
  struct Part {
    std::string name = {};                  // "parameters.0.weight"
    std::string dtype = {};                 // "F32", "F64" or "I64"
    std::vector<std::uint64_t> shape = {};  // none of a single number
    std::span<const std::byte> numbers = {};
  };

  RunPosition position = {};
  std::vector<Setting> settings = {};  // that decide the course of the run besides its state: they must be the same to go on
  std::vector<Part> parts = {};
  std::vector<std::byte> file = {};  // whose numbers the parts are, unless they are a run's own, where it has them
  std::string origin = {};           // what errors call it: the file's name

  KeptRun() = default;
  KeptRun(KeptRun&&) = default;  // parts stay where they are
  KeptRun& operator=(KeptRun&&) = default;
};

inline std::optional<KeptRun> RunKeeper::find() const { return calls_->find(keeper_); }
inline void RunKeeper::keep(const KeptRun& run) const { calls_->keep(keeper_, run); }

}  // namespace lamina
