#pragma once

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "../core/text.hpp"

namespace LAMINA_NAMESPACE {

/// An axis of a plot: where it begins and ends, and what is written along it.
struct Ticks {
  double low = 0, high = 1;         ///< the first and the last value shown; low < high
  std::vector<double> values;       ///< multiples of 1, 2 or 5 times a power of ten, from low to high
  std::vector<std::string> labels;  ///< one for each
};

namespace detail {

/// Numbers that a plot can show: finite, and not so large that differences overflow.
inline bool is_drawable(double value) { return std::isfinite(value) && std::abs(value) < 1e300; }

/// The least of 1, 2, 5, 10, 20, … and their fractions that is not below a step.
double nice_step(double step);

/// A tick's label: as many digits behind the point as the step asks for; an exponent where that would be long.
std::string tick_label(double value, double step);

}  // namespace detail

struct TicksOptions {
  int most = 6;          ///< ticks, at least 2
  bool whole = false;    ///< only whole numbers are marked: epochs, counts
  bool to_ticks = true;  ///< the axis is extended to the ticks around its values
};

/// Round numbers along an axis from the least to the greatest of some values, those that are no numbers left aside.
/// Where there is nothing to show, from 0 to 1; where all is one value, around it.
Ticks nice_ticks(double low, double high, const TicksOptions& options = {});

/// As above, of values.
Ticks nice_ticks(std::span<const double> values, const TicksOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/ticks.ipp"
#endif
