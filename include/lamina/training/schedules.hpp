#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "../core/error.hpp"

namespace lamina {

/// How the learning rate changes over a run: what it is multiplied by, as a function of steps done ÷ steps in all, in
/// [0, 1). Any function will do: `.schedule = [](double done) { return 1 - done; }`. Those below throw OptionError when
/// they are first asked and what they were given cannot be. ReduceOnPlateau, which looks at the validation set, is an
/// option of `fit` of its own and works on top of any of them.
using Schedule = std::function<double(double done)>;

namespace detail {

inline void check_schedule(bool possible, const char* expectation, double value) {
  if (!possible) throw OptionError(message(expectation, " but got ", value));
}

}  // namespace detail

/// Always the optimizer's own learning rate.
struct Constant {
  double operator()(double) const { return 1.0; }
};

/// Half a cosine, from the whole rate down to nothing: (1 + cos(π·done)) / 2. Loshchilov and Hutter 2017, eq. 5, without
/// restarts.
struct Cosine {
  double operator()(double done) const { return (1.0 + std::cos(std::numbers::pi * done)) / 2.0; }
};

/// A straight line: from + (to − from)·done.
struct LinearDecay {
  double from = 1.0, to = 0.0;

  double operator()(double done) const {
    detail::check_schedule(std::isfinite(from) && from >= 0, "LinearDecay: expects a finite .from of at least 0", from);
    detail::check_schedule(std::isfinite(to) && to >= 0, "LinearDecay: expects a finite .to of at least 0", to);
    return from + (to - from) * done;
  }
};

/// Steps: factor^⌊done / every⌋. `every` is a share of the run: {.every = 1.0 / 3} falls twice. PyTorch's
/// StepLR(step_size, gamma) over E epochs is {.factor = gamma, .every = step_size / E}.
struct StepDecay {
  double factor = 0.1;
  double every = 1.0 / 3;

  double operator()(double done) const {
    detail::check_schedule(std::isfinite(factor) && factor > 0, "StepDecay: expects a finite .factor above 0", factor);
    detail::check_schedule(every > 0 && every <= 1,
                           "StepDecay: expects .every above 0 and at most 1, a share of the run,", every);
    const double rounding = 1e-9;  // the fifth of five steps of 0.2 begins at 0.8, whatever 0.8 / 0.2 is in binary
    return std::pow(factor, std::floor(done / every + rounding));
  }
};

/// The same factor every step: to^done, so that the rate ends at `to` of what it was. PyTorch's ExponentialLR(gamma) over
/// E epochs is {.to = gamma^E}.
struct ExponentialDecay {
  double to = 0.01;

  double operator()(double done) const {
    detail::check_schedule(std::isfinite(to) && to > 0, "ExponentialDecay: expects a finite .to above 0", to);
    return std::pow(to, done);
  }
};

/// A straight line from a small rate to the whole one over the first share of the run, then another schedule over what is
/// left. Goyal et al. 2017, section 2.2; PyTorch's LinearLR(start_factor = from) before another.
///
///   from + (1 − from)·done / share                while done < share
///   then((done − share) / (1 − share))            after
///
///   .schedule = WarmUp{.share = 0.05, .then = Cosine{}}
struct WarmUp {
  double share = 0.05;
  double from = 0.1;
  Schedule then = Constant{};

  double operator()(double done) const {
    detail::check_schedule(share > 0 && share < 1, "WarmUp: expects .share above 0 and below 1, of the run,", share);
    detail::check_schedule(from >= 0 && from <= 1, "WarmUp: expects .from of 0 … 1", from);
    if (!then)
      throw OptionError("WarmUp: expects a schedule .then but got an empty function; leave it out for a constant rate");
    return done < share ? from + (1 - from) * done / share : then((done - share) / (1 - share));
  }
};

/// One cycle: up from a fraction of the rate to the whole one, then down to next to nothing, each half a cosine. Smith and
/// Topin 2018, "Super-convergence", in the form of PyTorch's OneCycleLR(three_phase = False), whose max_lr is the
/// optimizer's learning rate here. The momentum stays as it is.
///
///   r(a, b, t) = b + (a − b)·(1 + cos(π·t)) / 2
///   r(start, 1, done / share)                     while done < share, start = 1 / divide_start
///   r(1, end, (done − share) / (1 − share))       after, end = start / divide_end
struct OneCycle {
  double share = 0.3;         // of the run, in which the rate rises
  double divide_start = 25;   // the whole rate ÷ the first
  double divide_end = 10000;  // the first rate ÷ the last

  double operator()(double done) const {
    detail::check_schedule(share > 0 && share < 1, "OneCycle: expects .share above 0 and below 1, of the run,", share);
    detail::check_schedule(std::isfinite(divide_start) && divide_start >= 1,
                           "OneCycle: expects .divide_start of at least 1", divide_start);
    detail::check_schedule(std::isfinite(divide_end) && divide_end >= 1, "OneCycle: expects .divide_end of at least 1",
                           divide_end);
    const double start = 1 / divide_start;
    return done < share ? between(start, 1, done / share)
                        : between(1, start / divide_end, (done - share) / (1 - share));
  }

 private:
  static double between(double from, double to, double done) { return to + (from - to) * Cosine{}(done); }
};

}  // namespace lamina
