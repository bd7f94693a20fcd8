#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "../core/shape.hpp"

namespace lamina {

/// Where a run of `fit` is: between two batches.
struct RunPosition {
  Index epoch = 0, epochs = 0;   // how many are behind it, of how many
  Index batch = 0, batches = 0;  // of the epoch that it is in; all of them, while the epoch is still to be judged
  std::uint64_t steps = 0;       // of the run
  bool finished = false;         // nothing is left to be done
};

/// A run of `fit` between two of its batches: all that the rest of it depends on.
struct KeptRun {
  /// A tensor of numbers, as this machine has them in memory.
  struct Part {
    std::string name = {};                  // "parameters.0.weight"
    std::string dtype = {};                 // "F32", "F64" or "I64"
    std::vector<std::uint64_t> shape = {};  // none of a single number
    std::span<const std::byte> numbers = {};
  };

  /// What decides the course of a run besides its state: "batch_size", "32". Must be the same to go on.
  struct Setting {
    std::string name = {}, value = {};
    bool operator==(const Setting&) const = default;
  };

  RunPosition position = {};
  std::vector<Setting> settings = {};
  std::vector<Part> parts = {};
  std::vector<std::byte> file = {};  // whose numbers the parts are, unless they are a run's own, where it has them
  std::string origin = {};           // what errors call it: the file's name

  KeptRun() = default;
  KeptRun(KeptRun&&) = default;  // parts stay where they are
  KeptRun& operator=(KeptRun&&) = default;
};

/// Something that keeps runs, such as a RunFolder. What it throws, the caller of `fit` gets.
///
///   find()         the run that is to be continued, or nothing; called once, when a run begins
///   due(position)  whether this is a moment to keep it: asked after every batch and, with batch = 0, after every epoch
///   keep(run)      instead of what was kept before. Called at the beginning, when due, and at the end
template <typename K>
concept KeepsRuns = requires(K& keeper, const RunPosition& position, const KeptRun& run) {
  { keeper.find() } -> std::same_as<std::optional<KeptRun>>;
  { keeper.due(position) } -> std::same_as<bool>;
  keeper.keep(run);
};

/// One of them, its type forgotten, or none. It must outlive the run.
class RunKeeper {
 public:
  RunKeeper() = default;
  template <KeepsRuns K>
    requires(!std::same_as<std::remove_const_t<K>, RunKeeper>)  // which is copied
  RunKeeper(K& keeper) : keeper_(&keeper), calls_(&calls_of<K>) {}

  explicit operator bool() const { return keeper_; }

  std::optional<KeptRun> find() const { return calls_->find(keeper_); }
  bool due(const RunPosition& position) const { return calls_->due(keeper_, position); }
  void keep(const KeptRun& run) const { calls_->keep(keeper_, run); }

 private:
  struct Calls {
    std::optional<KeptRun> (*find)(void*);
    bool (*due)(void*, const RunPosition&);
    void (*keep)(void*, const KeptRun&);
  };
  template <typename K>
  static constexpr Calls calls_of{
      [](void* keeper) { return static_cast<K*>(keeper)->find(); },
      [](void* keeper, const RunPosition& position) { return static_cast<K*>(keeper)->due(position); },
      [](void* keeper, const KeptRun& run) { static_cast<K*>(keeper)->keep(run); },
  };

  void* keeper_ = nullptr;
  const Calls* calls_ = nullptr;
};

}  // namespace lamina
