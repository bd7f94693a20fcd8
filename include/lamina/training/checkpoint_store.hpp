#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

#include "../core/shape.hpp"
#include "history.hpp"

namespace LAMINA_NAMESPACE {

/// The position of a run of `fit`, between two batches.
struct RunPosition {
  Index epoch = 0, epochs = 0;   // completed epochs, and all epochs
  Index batch = 0, batches = 0;  // completed batches of this epoch; all of them until the epoch is evaluated
  std::uint64_t steps = 0;       // completed steps of the run
  bool finished = false;         // nothing is left to do
};

struct Checkpoint;

namespace detail {

class FitWork;
struct RunProgress;

/// The checkpoints of one run of `fit`, which a CheckpointStore keeps.
class RunCheckpoints {
 public:
  virtual ~RunCheckpoints() = default;

  /// Continues from the checkpoint, or writes a first one, so that a store that cannot be written is found before training.
  /// Throws DataError if the checkpoint is damaged or of another run; the model and the checkpoint stay untouched.
  virtual void begin(History& history) = 0;

  /// Writes a checkpoint if the run stops here or if the store says that one is due.
  virtual void after_batch(History& history, bool stops) = 0;
  virtual void after_epoch(History& history, bool stops) = 0;
};

}  // namespace detail

/// A store of checkpoints, such as a CheckpointFolder. The caller of `fit` gets what it throws. A program with its own store
/// includes training/checkpoint.hpp, which has Checkpoint and the code that fills and reads it.
///
///   find()         returns the run to continue, or nothing; called once, when a run begins
///   due(position)  returns whether to write a checkpoint now; called after every batch and, with batch = 0, after every epoch
///   keep(run)      replaces the checkpoint; called at the beginning, when due, and at the end. The numbers are the
///                  model's own: a store that changes the model must read them first
template <typename K>
concept StoresCheckpoints = requires(K& store, const RunPosition& position, const Checkpoint& run) {
  { store.find() } -> std::same_as<std::optional<Checkpoint>>;
  { store.due(position) } -> std::same_as<bool>;
  store.keep(run);
};

/// A type-erased reference to a store of checkpoints, or none. The store must outlive the run.
class CheckpointStore {
 public:
  CheckpointStore() = default;
  template <typename K>
    requires(!std::same_as<std::remove_const_t<K>, CheckpointStore> && StoresCheckpoints<K>)  // a CheckpointStore is copied
  CheckpointStore(K& store);  // defined in checkpoint.hpp, with all code for checkpoints

  explicit operator bool() const { return store_; }

  std::optional<Checkpoint> find() const;
  bool due(const RunPosition& position) const { return calls_->due(store_, position); }
  void keep(const Checkpoint& run) const;

  /// Begins the checkpoints of a run of `fit`. A program that makes no CheckpointStore contains none of the code behind it.
  std::unique_ptr<detail::RunCheckpoints> open(detail::FitWork& work, detail::RunProgress& progress) const {
    return store_ ? calls_->open(*this, work, progress) : nullptr;
  }

 private:
  /// The functions of the store, and the one that all stores share.
  struct Calls {
    std::unique_ptr<detail::RunCheckpoints> (*open)(const CheckpointStore&, detail::FitWork&, detail::RunProgress&);
    std::optional<Checkpoint> (*find)(void*);
    bool (*due)(void*, const RunPosition&);
    void (*keep)(void*, const Checkpoint&);
  };
  template <typename K>
  static const Calls calls_of;

  void* store_ = nullptr;
  const Calls* calls_ = nullptr;
};

}  // namespace lamina
