#pragma once

#include "../ticks.hpp"

#include <algorithm>
#include <limits>
#include <locale>
#include <sstream>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double nice_step(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (step <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

LAMINA_FUNC std::string tick_label(double value, double step) {
  const double largest = (std::max)(std::abs(value), step);
  if (largest >= 1e6 || step < 1e-4) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out.precision(3);
    out << value;
    return out.str();
  }
  if (step >= 1 && largest >= 10000) return format_count(std::lround(value));
  return format_fixed(value, step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Ticks nice_ticks(double low, double high, const TicksOptions& options) {
  if (!detail::is_drawable(low) || !detail::is_drawable(high) || low > high) low = 0, high = 1;
  const double size = (std::max)(std::abs(low), std::abs(high));
  if (high - low <= 1e-9 * size || high - low < 1e-290) {
    const double margin = size < 1e-280 ? 1 : size / 2;
    low -= low == 0 ? 0 : margin;
    high += margin;
  }
  double step = detail::nice_step((high - low) / (std::max)(options.most - 1, 1));
  if (options.whole) step = (std::max)(step, 1.0);
  const double first = options.to_ticks ? std::floor(low / step + 1e-9) : std::ceil(low / step - 1e-9);
  const double last = options.to_ticks ? std::ceil(high / step - 1e-9) : std::floor(high / step + 1e-9);
  Ticks ticks{.low = (std::min)(low, first * step), .high = (std::max)(high, last * step), .values = {}, .labels = {}};
  for (double tick = first; tick <= last; ++tick) {
    ticks.values.push_back(tick == 0 ? 0 : tick * step);
    ticks.labels.push_back(detail::tick_label(ticks.values.back(), step));
  }
  return ticks;
}

LAMINA_FUNC Ticks nice_ticks(std::span<const double> values, const TicksOptions& options) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values)
    if (detail::is_drawable(value)) low = (std::min)(low, value), high = (std::max)(high, value);
  return nice_ticks(low, high, options);
}

}  // namespace lamina::detail
