#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "printable.hpp"
#include "shape.hpp"

namespace LAMINA_NAMESPACE {

/// A count with its thousands set apart: 61,706. The same in every locale.
std::string format_count(Index count);

/// A number with this many digits behind the point: 0.9912. The same in every locale.
std::string format_fixed(double value, int digits);

/// A number as a table of results shows it: four digits behind the point, 0.2981, and with an exponent where those
/// would hide it, 2.5000e-04, or it would run away, 1.0000e+30.
std::string format_value(double value);

/// Extents as (6, 1, 5, 5); of more than sixteen, which only a file can ask for, no more than those.
template <typename Extents>
[[gnu::cold]] std::string format_shape(const Extents& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size() && axis < 16; ++axis)
    text += message(axis > 0 ? ", " : "", shape[axis]);
  return text + (shape.size() > 16 ? ", ...)" : ")");
}

namespace detail {

/// The nearest whole number of units; 0 for what is no time, and years for what never ends.
inline Index whole(double amount) { return amount > 0 ? static_cast<Index>((std::min)(std::round(amount), 1e9)) : 0; }

/// The fewest digits that give the same number back, the same in every locale: 0.1, 2.5e-07, nan.
std::string shortest(double value);

/// Returns the text with the letters A … Z made small, the same in every locale.
std::string small_letters(std::string_view text);

inline std::string two_digits(Index number) { return message(number < 10 ? "0" : "", number); }

}  // namespace detail

/// A time to wait, or waited, in whole seconds: 4s, 1m03s, 2h05m.
std::string format_duration(double seconds);

/// The time of one step in the unit that suits it: 3s/step, 5ms/step, 12us/step.
std::string format_step_time(double seconds);

/// How many columns UTF-8 text takes: one for each code point (an approximation for scripts with wide characters).
Index display_width(std::string_view text);

/// The text at the right end of a field of this many columns; longer text is left as it is.
std::string align_right(std::string_view text, Index width);

/// The text at the left end of such a field.
std::string align_left(std::string_view text, Index width);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/text.ipp"
#endif
