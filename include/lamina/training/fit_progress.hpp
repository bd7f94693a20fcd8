#pragma once

#include <cstdio>
#include <iostream>

#include "training_progress.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Shows the progress of `fit` on standard output, as `.progress = true` asks: a bar in a terminal, elsewhere a line for each
/// epoch and, while an epoch lasts long, one at least every ten seconds.
class FitProgress {
 public:
  using Clock = TrainingProgress::Clock;

  FitProgress() : FitProgress(std::cout, Terminal::detect(stdout), Clock::now()) {}

  /// On another stream, the first epoch's time beginning at `now`.
  FitProgress(std::ostream& out, const Terminal& terminal, Clock::time_point now);

  void operator()(const BatchEnd& end, Clock::time_point now = Clock::now()) { shown_(end, now); }
  void operator()(const EpochEnd& end, Clock::time_point now = Clock::now()) { shown_(end, now); }

 private:
  TrainingProgress shown_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/fit_progress.ipp"
#endif
