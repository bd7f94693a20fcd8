#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>

#include "shape.hpp"

namespace lamina {

/// A count with its thousands set apart: 61,706. The same in every locale.
inline std::string format_count(Index count) {
  std::string digits = std::to_string(count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t place = digits.size(); place > first + 3;) digits.insert(place -= 3, 1, ',');
  return digits;
}

/// A number with this many digits behind the point: 0.9912. The same in every locale.
inline std::string format_fixed(double value, int digits) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(digits);
  out << std::fixed << value;
  return out.str();
}

/// A number as a table of results shows it: four digits behind the point, 0.2981, and with an exponent where those
/// would hide it, 2.5000e-04, or it would run away, 1.0000e+30.
inline std::string format_value(double value) {
  const double size = std::abs(value);
  if (!(size < 1e-3 || size >= 1e6) || size == 0) return format_fixed(value, 4);
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(4);
  out << std::scientific << value;
  return out.str();
}

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
inline Index whole(double amount) { return amount > 0 ? static_cast<Index>(std::min(std::round(amount), 1e9)) : 0; }

/// The fewest digits that give the same number back, the same in every locale: 0.1, 2.5e-07, nan.
inline std::string shortest(double value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} ? std::string(digits.data(), end) : std::string("nan");
}

inline std::string two_digits(Index number) { return message(number < 10 ? "0" : "", number); }

}  // namespace detail

/// A time to wait, or waited, in whole seconds: 4s, 1m03s, 2h05m.
inline std::string format_duration(double seconds) {
  const Index s = detail::whole(seconds);
  if (s < 60) return std::to_string(s) + "s";
  if (s < 3600) return std::to_string(s / 60) + "m" + detail::two_digits(s % 60) + "s";
  return std::to_string(s / 3600) + "h" + detail::two_digits(s % 3600 / 60) + "m";
}

/// The time of one step in the unit that suits it: 3s/step, 5ms/step, 12us/step.
inline std::string format_step_time(double seconds) {
  if (detail::whole(seconds * 1e6) < 1000) return std::to_string(detail::whole(seconds * 1e6)) + "us/step";
  if (detail::whole(seconds * 1e3) < 1000) return std::to_string(detail::whole(seconds * 1e3)) + "ms/step";
  return std::to_string(detail::whole(seconds)) + "s/step";
}

/// How many columns UTF-8 text takes: one for each code point (an approximation for scripts with wide characters).
inline Index display_width(std::string_view text) {
  Index width = 0;
  for (const char byte : text) width += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return width;
}

/// The text at the right end of a field of this many columns; longer text is left as it is.
inline std::string align_right(std::string_view text, Index width) {
  const Index missing = width - display_width(text);
  return std::string(static_cast<std::size_t>(missing > 0 ? missing : 0), ' ').append(text);
}

/// The text at the left end of such a field.
inline std::string align_left(std::string_view text, Index width) {
  const Index missing = width - display_width(text);
  return std::string(text).append(static_cast<std::size_t>(missing > 0 ? missing : 0), ' ');
}

}  // namespace lamina
