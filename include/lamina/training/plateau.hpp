#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "monitor.hpp"
#include "run_archive.hpp"

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
        best_(rises(options.monitor) ? -std::numeric_limits<double>::infinity()
                                     : std::numeric_limits<double>::infinity()) {}

  /// What the rate is multiplied by after an epoch of this figure.
  double operator()(double figure) {
    const bool better =
        rises(options_.monitor) ? figure > best_ * (1 + options_.threshold) : figure < best_ * (1 - options_.threshold);
    if (better) best_ = figure;
    waited_ = better ? 0 : waited_ + 1;
    if (resting_ > 0) {
      --resting_;
      waited_ = 0;
    }
    if (waited_ > options_.patience) {
      rate_ = std::max(rate_ * options_.factor, options_.least);
      resting_ = options_.cooldown;
      waited_ = 0;
    }
    return rate_;
  }

  /// As of the last epoch.
  double rate() const { return rate_; }

  /// Into a kept run, or out of one that has so many epochs behind it.
  void carry(RunArchive& archive, Index epochs) {
    archive.number("plateau.best", best_);
    archive.number("plateau.rate", rate_);
    archive.number("plateau.waited", waited_);
    archive.number("plateau.resting", resting_);
    if (archive.reads() && !(waited_ >= 0 && waited_ <= epochs && resting_ >= 0 && resting_ <= options_.cooldown &&
                             rate_ >= 0 && rate_ <= 1))
      archive.refuse("no plateau leaves such a rate, or waits so long");
  }

 private:
  ReduceOnPlateau options_;
  double best_, rate_ = 1;
  Index waited_ = 0, resting_ = 0;
};

}  // namespace detail
}  // namespace lamina
