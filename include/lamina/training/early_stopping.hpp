#pragma once

#include <limits>
#include <optional>

#include "monitor.hpp"

namespace LAMINA_NAMESPACE {

/// An option of `fit` that ends training when the model stops improving and restores the weights of its best epoch.
///
///   trainer.fit(model, train, {.epochs = 100, .validation = &validation, .early_stopping = EarlyStopping{.patience = 5}})
///
/// An epoch is the best so far if its figure improves by more than min_delta. The run ends after `patience` epochs in a
/// row without improvement, as Keras' EarlyStopping with restore_best_weights on. With restore_best, the model has the
/// best epoch's parameters and buffers after `fit`. This is also so if all epochs were run, or if an exception such as a
/// DivergenceError ended it. Before the first epoch is evaluated there is nothing to restore. A checkpoint (see CheckpointFolder)
/// stores the state of training beside the best weights, so that it continues as if nothing had been restored. TargetView
/// that are numbers have no accuracy: `fit` throws OptionError if one is monitored. Prechelt 1998, "Early stopping – but when?"
struct EarlyStopping {
  Monitor monitor = Monitor::validation_loss;
  Index patience = 5;
  double min_delta = 0;
  bool restore_best = true;

  /// Throws OptionError for an invalid option, or if the monitored figure needs a validation set and there is none.
  void check(bool has_validation) const;
};

namespace detail {

/// A counter of the epochs that an EarlyStopping has waited for an improvement.
class Patience {
 public:
  explicit Patience(const EarlyStopping& options)
      : options_(options),
        state_{.best = rises(options.monitor) ? -std::numeric_limits<double>::infinity()
                                              : std::numeric_limits<double>::infinity()} {}

  /// Returns whether this epoch is the best so far.
  bool better(const EpochRecord& record);

  bool exhausted() const { return state_.waited >= options_.patience; }
  std::optional<Index> best_epoch() const { return state_.best_epoch; }

  /// The state that changes from epoch to epoch. A checkpoint stores it.
  struct State {
    double best = 0;
    std::optional<Index> best_epoch{};
    Index waited = 0;
  };
  State& state() { return state_; }

 private:
  EarlyStopping options_;
  State state_;
};

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/early_stopping.ipp"
#endif
