#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "printable.hpp"
#include "shape.hpp"

namespace LAMINA_NAMESPACE {

/// Returns a count with separated thousands: 61,706. The same in every locale.
std::string format_count(Index count);

/// Returns a number with this many digits after the decimal point: 0.9912. The same in every locale.
std::string format_fixed(double value, int digits);

/// Returns a number as tables of results show it: with four decimals, 0.2981, or with an exponent if it is too small for
/// them, 2.5000e-04, or too large, 1.0000e+30.
std::string format_value(double value);

namespace detail {

/// Returns extents as (6, 1, 5, 5). It shows at most sixteen, because only a broken file has more.
template <typename Extents>
[[gnu::cold]] std::string format_shape(const Extents& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size() && axis < 16; ++axis)
    text += str_cat(axis > 0 ? ", " : "", shape[axis]);
  return text + (shape.size() > 16 ? ", ...)" : ")");
}

/// Returns the nearest whole number of units; 0 for a negative or undefined time, and 1e9 as a maximum.
inline Index whole(double amount) { return amount > 0 ? static_cast<Index>((std::min)(std::round(amount), 1e9)) : 0; }

/// Returns the shortest text that reads back as the same number, the same in every locale: 0.1, 2.5e-07, nan.
std::string shortest(double value);

/// Returns the text with the letters A … Z in lower case, the same in every locale.
std::string small_letters(std::string_view text);

inline std::string two_digits(Index number) { return str_cat(number < 10 ? "0" : "", number); }

/// Returns a duration in whole seconds: 4s, 1m03s, 2h05m.
std::string format_duration(double seconds);

/// Returns the time of one step in a suitable unit: 3s/step, 5ms/step, 12us/step.
std::string format_step_time(double seconds);

}  // namespace detail

/// Returns how many columns UTF-8 text takes: one per code point (an approximation for scripts with wide characters).
Index display_width(std::string_view text);

/// Returns the text right-aligned in a field of this many columns; longer text stays as it is.
std::string align_right(std::string_view text, Index width);

/// Returns the text left-aligned in such a field.
std::string align_left(std::string_view text, Index width);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/text.ipp"
#endif
