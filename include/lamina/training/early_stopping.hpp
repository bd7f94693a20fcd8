#pragma once

#include <cmath>
#include <limits>
#include <optional>

#include "monitor.hpp"
#include "run_archive.hpp"

namespace lamina {

/// Ends a run of `fit` when it gets no better, and gives the model the weights of its best epoch back: an option of it.
///
///   trainer.fit(model, train, {.epochs = 100, .validation = &validation, .early_stopping = EarlyStopping{.patience = 5}})
///
/// An epoch is better than the best so far when its figure is so by more than min_delta; the run ends after `patience`
/// epochs in a row that are not. Keras' EarlyStopping, whose restore_best_weights is on here, and is done also when the
/// run ends before patience does. Prechelt 1998, "Early stopping – but when?"
struct EarlyStopping {
  Monitor monitor = Monitor::validation_loss;
  Index patience = 5;
  double min_delta = 0;
  bool restore_best = true;

  /// Throws OptionError.
  void check(bool has_validation) const {
    if (patience < 1)
      throw OptionError(message("EarlyStopping: expects a patience of at least 1 epoch but got ", patience));
    if (!std::isfinite(min_delta) || min_delta < 0)
      throw OptionError(message("EarlyStopping: expects a finite min_delta of at least 0 but got ", min_delta));
    detail::check_monitor("EarlyStopping", monitor, has_validation);
  }
};

namespace detail {

/// Keeps count of how long an EarlyStopping has waited.
class Patience {
 public:
  explicit Patience(const EarlyStopping& options)
      : options_(options),
        best_(rises(options.monitor) ? -std::numeric_limits<double>::infinity()
                                     : std::numeric_limits<double>::infinity()) {}

  /// Whether this epoch is the best so far.
  bool better(const EpochRecord& record) {
    const double figure = monitored(record, options_.monitor);
    const bool yes =
        rises(options_.monitor) ? figure > best_ + options_.min_delta : figure < best_ - options_.min_delta;
    if (yes) {
      best_ = figure;
      best_epoch_ = record.epoch;
    }
    waited_ = yes ? 0 : waited_ + 1;
    return yes;
  }

  bool exhausted() const { return waited_ >= options_.patience; }
  std::optional<Index> best_epoch() const { return best_epoch_; }

  /// Into a kept run, or out of one that has so many epochs behind it.
  void carry(RunArchive& archive, Index epochs) {
    archive.number("early_stopping.best", best_);
    archive.number("early_stopping.best_epoch", best_epoch_);
    archive.number("early_stopping.waited", waited_);
    if (archive.reads() && (waited_ < 0 || waited_ > epochs || best_epoch_.value_or(-1) >= epochs))
      archive.refuse("early stopping has seen epochs that were not");
  }

 private:
  EarlyStopping options_;
  double best_;
  std::optional<Index> best_epoch_;
  Index waited_ = 0;
};

}  // namespace detail
}  // namespace lamina
