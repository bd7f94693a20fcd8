#pragma once

#include <limits>
#include <optional>

#include "monitor.hpp"

namespace LAMINA_NAMESPACE {

/// Ends a run of `fit` when it gets no better, and gives the model the weights of its best epoch back: an option of it.
///
///   trainer.fit(model, train, {.epochs = 100, .validation = &validation, .early_stopping = EarlyStopping{.patience = 5}})
///
/// An epoch is better than the best so far when its figure is so by more than min_delta; the run ends after `patience`
/// epochs in a row that are not. Keras' EarlyStopping, whose restore_best_weights is on here. With restore_best the model
/// has the best epoch's parameters, buffers included, after every end of `fit`: also when the run ends before patience does,
/// and when an exception ends it, such as a DivergenceError or what a callback throws. Before the first epoch was judged
/// there is nothing to restore. A run that is kept (see RunFolder) keeps the state of training beside the best weights, so
/// that it goes on as if nothing had been restored. Where targets are numbers there is no accuracy to go by: `fit` throws OptionError.
/// Prechelt 1998, "Early stopping – but when?"
struct EarlyStopping {
  Monitor monitor = Monitor::validation_loss;
  Index patience = 5;
  double min_delta = 0;
  bool restore_best = true;

  /// Throws OptionError.
  void check(bool has_validation) const;
};

namespace detail {

/// Keeps count of how long an EarlyStopping has waited.
class Patience {
 public:
  explicit Patience(const EarlyStopping& options)
      : options_(options),
        state_{.best = rises(options.monitor) ? -std::numeric_limits<double>::infinity()
                                              : std::numeric_limits<double>::infinity()} {}

  /// Whether this epoch is the best so far.
  bool better(const EpochRecord& record);

  bool exhausted() const { return state_.waited >= options_.patience; }
  std::optional<Index> best_epoch() const { return state_.best_epoch; }

  /// Gives access to what changes from epoch to epoch, so that it can be kept or put back.
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
