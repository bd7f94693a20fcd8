#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "monitor.hpp"

namespace lamina {

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
  void check(bool has_validation) const {
    if (!(factor > 0 && factor < 1))
      throw OptionError(message("ReduceOnPlateau: expects a factor above 0 and below 1 but got ", factor));
    if (patience < 0)
      throw OptionError(message("ReduceOnPlateau: expects a patience of at least 0 epochs but got ", patience));
    if (!(threshold >= 0 && threshold < 1))
      throw OptionError(message("ReduceOnPlateau: expects a threshold of at least 0 and below 1 but got ", threshold));
    if (cooldown < 0)
      throw OptionError(message("ReduceOnPlateau: expects a cooldown of at least 0 epochs but got ", cooldown));
    if (!(least >= 0 && least <= 1))
      throw OptionError(message("ReduceOnPlateau: expects .least of 0 … 1, a share of the rate, but got ", least));
    detail::check_monitor("ReduceOnPlateau", monitor, has_validation);
  }
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
  double operator()(double figure) {
    const bool better =
        rises(options_.monitor) ? figure > state_.best * (1 + options_.threshold) : figure < state_.best * (1 - options_.threshold);
    if (better) state_.best = figure;
    state_.waited = better ? 0 : state_.waited + 1;
    if (state_.resting > 0) {
      --state_.resting;
      state_.waited = 0;
    }
    if (state_.waited > options_.patience) {
      state_.rate = std::max(state_.rate * options_.factor, options_.least);
      state_.resting = options_.cooldown;
      state_.waited = 0;
    }
    return state_.rate;
  }

  /// As of the last epoch.
  double rate() const { return state_.rate; }

  /// What changes from epoch to epoch: to be kept, or put back.
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
