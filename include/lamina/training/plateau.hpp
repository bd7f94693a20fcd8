#pragma once

#include <cmath>
#include <limits>

#include "monitor.hpp"

namespace LAMINA_NAMESPACE {

/// An option of `fit` that lowers the learning rate when a run stops improving, in addition to its schedule.
///
///   trainer.fit(model, train, {.epochs = 50, .validation = &validation, .on_plateau = ReduceOnPlateau{.patience = 3}})
///
/// After more than `patience` epochs in a row without improvement, the rate is multiplied by `factor`, down to `min_factor`
/// times the schedule's rate. Then `cooldown` epochs are not counted. An epoch improves if its loss is below best·(1 −
/// threshold), or its accuracy above best·(1 + threshold): PyTorch's ReduceLROnPlateau(threshold_mode = 'rel').
struct ReduceOnPlateau {
  Monitor monitor = Monitor::validation_loss;
  double factor = 0.1;
  Index patience = 10;
  double threshold = 1e-4;
  Index cooldown = 0;
  double min_factor = 0;

  /// Throws OptionError for an invalid option, or if the monitored figure needs a validation set and there is none.
  void check(bool has_validation) const;
};

namespace detail {

/// The factor of the learning rate that a ReduceOnPlateau computes from the epochs so far.
class PlateauRate {
 public:
  explicit PlateauRate(const ReduceOnPlateau& options)
      : options_(options),
        state_{.best = rises(options.monitor) ? -std::numeric_limits<double>::infinity()
                                              : std::numeric_limits<double>::infinity()} {}

  /// Returns the factor of the rate after an epoch with this figure.
  double operator()(double figure);

  /// Returns the factor after the last epoch.
  double rate() const { return state_.rate; }

  /// The state that changes from epoch to epoch. A checkpoint stores it.
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
