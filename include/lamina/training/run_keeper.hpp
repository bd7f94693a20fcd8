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

struct KeptRun;

namespace detail {

class FitWork;
struct RunProgress;

/// The keeping of one run of `fit`, in the place that a RunKeeper knows.
class RunKeeping {
 public:
  virtual ~RunKeeping() = default;

  /// Continues the kept run, or keeps this one for the first time, so that a place that cannot be written is found before
  /// training. Throws DataError if the kept run is damaged or another one; the model and the kept run stay untouched.
  virtual void begin(History& history) = 0;

  /// Keeps the run if it stops here or if the keeper says that it is due.
  virtual void after_batch(History& history, bool stops) = 0;
  virtual void after_epoch(History& history, bool stops) = 0;
};

}  // namespace detail

/// A keeper of runs, such as a RunFolder. The caller of `fit` gets what it throws. A program with its own keeper includes
/// training/kept_run.hpp, which has KeptRun and the code that fills and reads it.
///
///   find()         returns the run to continue, or nothing; called once, when a run begins
///   due(position)  returns whether to keep the run now; called after every batch and, with batch = 0, after every epoch
///   keep(run)      replaces the kept run; called at the beginning, when due, and at the end. The numbers are the
///                  model's own: a keeper that changes the model must read them first
template <typename K>
concept KeepsRuns = requires(K& keeper, const RunPosition& position, const KeptRun& run) {
  { keeper.find() } -> std::same_as<std::optional<KeptRun>>;
  { keeper.due(position) } -> std::same_as<bool>;
  keeper.keep(run);
};

/// A type-erased keeper of runs, or none. The keeper must outlive the run.
class RunKeeper {
 public:
  RunKeeper() = default;
  template <typename K>
    requires(!std::same_as<std::remove_const_t<K>, RunKeeper> && KeepsRuns<K>)  // a RunKeeper is copied
  RunKeeper(K& keeper);  // defined in kept_run.hpp, with all the code to keep a run

  explicit operator bool() const { return keeper_; }

  std::optional<KeptRun> find() const;
  bool due(const RunPosition& position) const { return calls_->due(keeper_, position); }
  void keep(const KeptRun& run) const;

  /// Begins to keep a run of `fit`. A program that makes no RunKeeper contains none of the code behind it.
  std::unique_ptr<detail::RunKeeping> open(detail::FitWork& work, detail::RunProgress& progress) const {
    return keeper_ ? calls_->open(*this, work, progress) : nullptr;
  }

 private:
  /// The keeper's own functions, and the one that all keepers share.
  struct Calls {
    std::unique_ptr<detail::RunKeeping> (*open)(const RunKeeper&, detail::FitWork&, detail::RunProgress&);
    std::optional<KeptRun> (*find)(void*);
    bool (*due)(void*, const RunPosition&);
    void (*keep)(void*, const KeptRun&);
  };
  template <typename K>
  static const Calls calls_of;

  void* keeper_ = nullptr;
  const Calls* calls_ = nullptr;
};

}  // namespace lamina
