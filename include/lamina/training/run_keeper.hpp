#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

#include "../core/shape.hpp"
#include "history.hpp"

namespace LAMINA_NAMESPACE {

/// The place between two batches that a run of `fit` has reached.
struct RunPosition {
  Index epoch = 0, epochs = 0;   // how many are behind it, of how many
  Index batch = 0, batches = 0;  // of the epoch that it is in; all of them, while the epoch is still to be judged
  std::uint64_t steps = 0;       // of the run
  bool finished = false;         // nothing is left to be done
};

struct KeptRun;

namespace detail {

class FitWork;
struct RunProgress;

/// Keeps one run of `fit`, in a place that a RunKeeper knows.
class RunKeeping {
 public:
  virtual ~RunKeeping() = default;

  /// Continues the run that was kept, or keeps this one for the first time: what cannot be written is known before
  /// training. Throws DataError, the model and what was kept untouched, when that is damaged or of another run.
  virtual void begin(History& history) = 0;

  /// Keeps the run if it stops here or the keeper says that it is due.
  virtual void after_batch(History& history, bool stops) = 0;
  virtual void after_epoch(History& history, bool stops) = 0;
};

}  // namespace detail

/// Something that keeps runs, such as a RunFolder. What it throws, the caller of `fit` gets. A program with a keeper of its
/// own includes training/kept_run.hpp, which has KeptRun and all the code that fills it and reads it.
///
///   find()         the run that is to be continued, or nothing; called once, when a run begins
///   due(position)  whether this is a moment to keep it: asked after every batch and, with batch = 0, after every epoch
///   keep(run)      instead of what was kept before. Called at the beginning, when due, and at the end. The numbers are the
///                  model's own: a keeper that changes the model reads them first
template <typename K>
concept KeepsRuns = requires(K& keeper, const RunPosition& position, const KeptRun& run) {
  { keeper.find() } -> std::same_as<std::optional<KeptRun>>;
  { keeper.due(position) } -> std::same_as<bool>;
  keeper.keep(run);
};

/// A keeper of runs without its type, or none. The keeper must outlive the run.
class RunKeeper {
 public:
  RunKeeper() = default;
  template <typename K>
    requires(!std::same_as<std::remove_const_t<K>, RunKeeper> && KeepsRuns<K>)  // a RunKeeper is copied
  RunKeeper(K& keeper);  // in kept_run.hpp, with all the code that a run is kept by

  explicit operator bool() const { return keeper_; }

  std::optional<KeptRun> find() const;
  bool due(const RunPosition& position) const { return calls_->due(keeper_, position); }
  void keep(const KeptRun& run) const;

  /// Begins to keep a run of `fit`. A program that makes no RunKeeper of a keeper has none of the code behind it.
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
