#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE {

/// A factor of the learning rate as a function of completed steps ÷ all steps, in [0, 1). Any function will do:
/// `.schedule = [](double done) { return 1 - done; }`. The schedules below throw OptionError on their first call if their
/// options are invalid. ReduceOnPlateau, which watches the validation set, is a separate option of `fit` and works with
/// any of them.
using Schedule = std::function<double(double done)>;

namespace detail {

void check_schedule(bool possible, const char* expectation, double value);

}  // namespace detail

/// A schedule that keeps the optimizer's learning rate.
struct Constant {
  double operator()(double) const { return 1.0; }
};

/// A schedule that follows half a cosine, from 1 down to 0: (1 + cos(π·done)) / 2. Loshchilov and Hutter 2017, eq. 5,
/// without restarts.
struct Cosine {
  double operator()(double done) const { return (1.0 + std::cos(std::numbers::pi * done)) / 2.0; }
};

/// A schedule that follows a straight line: from + (to − from)·done.
struct LinearDecay {
  double from = 1.0, to = 0.0;

  double operator()(double done) const;
};

/// A schedule that falls in steps: factor^⌊done / every⌋. `every` is a share of the run: {.every = 1.0 / 3} falls twice.
/// PyTorch's StepLR(step_size, gamma) over E epochs is {.factor = gamma, .every = step_size / E}.
struct StepDecay {
  double factor = 0.1;
  double every = 1.0 / 3;

  double operator()(double done) const;
};

/// A schedule that multiplies the rate by the same factor every step: to^done, so that it ends at `to` times the first
/// rate. PyTorch's ExponentialLR(gamma) over E epochs is {.to = gamma^E}.
struct ExponentialDecay {
  double to = 0.01;

  double operator()(double done) const {
    detail::check_schedule(std::isfinite(to) && to > 0, "ExponentialDecay: expects a finite .to above 0", to);
    return std::pow(to, done);
  }
};

/// A schedule that rises in a straight line over the first share of the run, then follows another schedule over the rest.
/// Goyal et al. 2017, section 2.2; PyTorch's LinearLR(start_factor = from) before another.
///
///   from + (1 − from)·done / share                while done < share
///   then((done − share) / (1 − share))            after
///
///   .schedule = WarmUp{.share = 0.05, .then = Cosine{}}
struct WarmUp {
  double share = 0.05;
  double from = 0.1;
  Schedule then = Constant{};

  double operator()(double done) const;
};

/// A schedule of one cycle: up from a fraction of the rate to the whole, then down to almost 0, each half a cosine. Smith
/// and Topin 2018, "Super-convergence", in the form of PyTorch's OneCycleLR(three_phase = False), whose max_lr is the
/// optimizer's learning rate here. The momentum does not change.
///
///   r(a, b, t) = b + (a − b)·(1 + cos(π·t)) / 2
///   r(start, 1, done / share)                     while done < share, start = 1 / divide_start
///   r(1, end, (done − share) / (1 − share))       after, end = start / divide_end
struct OneCycle {
  double share = 0.3;         // share of the run in which the rate rises
  double divide_start = 25;   // the whole rate ÷ the first
  double divide_end = 10000;  // the first rate ÷ the last

  double operator()(double done) const;

 private:
  static double between(double from, double to, double done) { return to + (from - to) * Cosine{}(done); }
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/schedules.ipp"
#endif
