#pragma once

#include <cmath>
#include <functional>
#include <numbers>

namespace lamina {

/// How the learning rate changes over a run: what it is multiplied by, as a function of steps done ÷ steps in all, in
/// [0, 1). Any function will do: `.schedule = [](double done) { return 1 - done; }`.
using Schedule = std::function<double(double done)>;

/// Always the optimizer's own learning rate.
struct Constant {
  double operator()(double) const { return 1.0; }
};

/// Half a cosine, from the whole rate down to nothing: (1 + cos(π·done)) / 2. Loshchilov and Hutter 2017, eq. 5, without
/// restarts.
struct Cosine {
  double operator()(double done) const { return (1.0 + std::cos(std::numbers::pi * done)) / 2.0; }
};

}  // namespace lamina
