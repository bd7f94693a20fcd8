#pragma once

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The limits of a plot's axis, and its tick values and labels.
struct Ticks {
  double low = 0, high = 1;         ///< the first and the last value shown; low < high
  std::vector<double> values;       ///< multiples of 1, 2 or 5 times a power of ten, from low to high
  std::vector<std::string> labels;  ///< one per value
};

/// Returns whether a plot can show a number: finite, and not so large that differences overflow.
inline bool is_drawable(double value) { return std::isfinite(value) && std::abs(value) < 1e300; }

/// Returns the smallest of 1, 2, 5, 10, 20, … and their fractions that is not below a step.
double nice_step(double step);

/// Returns a tick's label: with as many digits after the decimal point as the step needs; with an exponent if that would
/// be long.
std::string tick_label(double value, double step);

struct TicksOptions {
  int most = 6;          ///< ticks, at least 2
  bool whole = false;    ///< only whole numbers are marked: epochs, counts
  bool to_ticks = true;  ///< the axis is extended to the ticks around its values
};

/// Returns round numbers along an axis that covers the values, ignoring NaN and infinity. Without values the axis is 0 …
/// 1; if all values are equal, it lies around them.
Ticks nice_ticks(double low, double high, const TicksOptions& options = {});

/// Does the same for values.
Ticks nice_ticks(std::span<const double> values, const TicksOptions& options = {});

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/ticks.ipp"
#endif
