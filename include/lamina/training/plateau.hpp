#pragma once

#include <cmath>
#include <limits>

#include "monitor.hpp"

namespace LAMINA_NAMESPACE {

/// Lowers the learning rate when a run of `fit` gets no better: an option of it, on top of its schedule.
///
///   trainer.fit(model, train, {.epochs = 50, .validation = &validation, .on_plateau = ReduceOnPlateau{.patience = 3}})
///
/// After more than `patience` epochs in a row that are not better, the rate is multiplied by `factor`, down to `least`
/// of what the schedule says; then come `cooldown` epochs that count for nothing. An epoch is better when its loss is
/// below best·(1 − threshold), or its accuracy above best·(1 + threshold): PyTorch's ReduceLROnPlateau(threshold_mode =
/// 'rel').
struct ReduceOnPlateau {
  Monitor monitor = Monitor::validation_loss;
  double factor = 0.1;
  Index patience = 10;
  double threshold = 1e-4;
  Index cooldown = 0;
  double least = 0;

  /// Throws OptionError.
  void check(bool has_validation) const;
};

namespace detail {

/// What a ReduceOnPlateau makes of the epochs it is shown.
class PlateauRate {
 public:
  explicit PlateauRate(const ReduceOnPlateau& options)
      : options_(options),
        state_{.best = rises(options.monitor) ? -std::numeric_limits<double>::infinity()
                                              : std::numeric_limits<double>::infinity()} {}

  /// What the rate is multiplied by after an epoch of this figure.
  double operator()(double figure);

  /// As of the last epoch.
  double rate() const { return state_.rate; }

  /// Gives access to what changes from epoch to epoch, so that it can be kept or put back.
  struct State {
    double best = 0, rate = 1;
    Index waited = 0, resting = 0;
  };
  State& state() { return state_; }
  Index cooldown() const { return options_.cooldown; }

 private:
  ReduceOnPlateau options_;
  State state_;
};

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/plateau.ipp"
#endif
