#pragma once

#include <cstdio>
#include <iostream>

#include "training_progress.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A progress display of `fit` on standard output, as `.progress = true` asks. In a terminal it is a bar; elsewhere it is
/// one line per epoch and, in a long epoch, at least one line every ten seconds.
class FitProgress {
 public:
  using Clock = TrainingProgress::Clock;

  FitProgress() : FitProgress(std::cout, Terminal::detect(stdout), Clock::now()) {}

  /// Writes to another stream. The first epoch's time begins at `now`.
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
