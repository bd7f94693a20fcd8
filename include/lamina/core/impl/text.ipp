#pragma once

#include "../text.hpp"

#include <array>
#include <charconv>
#include <locale>
#include <sstream>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::string format_count(Index count) {
  std::string digits = std::to_string(count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t place = digits.size(); place > first + 3;) digits.insert(place -= 3, 1, ',');
  return digits;
}

LAMINA_FUNC std::string format_fixed(double value, int digits) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(digits);
  out << std::fixed << value;
  return out.str();
}

LAMINA_FUNC std::string format_value(double value) {
  const double size = std::abs(value);
  if (!(size < 1e-3 || size >= 1e6) || size == 0) return format_fixed(value, 4);
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(4);
  out << std::scientific << value;
  return out.str();
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string shortest(double value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} ? std::string(digits.data(), end) : std::string("nan");
}

LAMINA_FUNC std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& letter : small)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return small;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

namespace detail {

LAMINA_FUNC std::string format_duration(double seconds) {
  const Index s = detail::whole(seconds);
  if (s < 60) return std::to_string(s) + "s";
  if (s < 3600) return std::to_string(s / 60) + "m" + detail::two_digits(s % 60) + "s";
  return std::to_string(s / 3600) + "h" + detail::two_digits(s % 3600 / 60) + "m";
}

LAMINA_FUNC std::string format_step_time(double seconds) {
  if (detail::whole(seconds * 1e6) < 1000) return std::to_string(detail::whole(seconds * 1e6)) + "us/step";
  if (detail::whole(seconds * 1e3) < 1000) return std::to_string(detail::whole(seconds * 1e3)) + "ms/step";
  return std::to_string(detail::whole(seconds)) + "s/step";
}

}  // namespace detail

LAMINA_FUNC Index display_width(std::string_view text) {
  Index width = 0;
  for (const char byte : text) width += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return width;
}

LAMINA_FUNC std::string align_right(std::string_view text, Index width) {
  const Index missing = width - display_width(text);
  return std::string(static_cast<std::size_t>(missing > 0 ? missing : 0), ' ').append(text);
}

LAMINA_FUNC std::string align_left(std::string_view text, Index width) {
  const Index missing = width - display_width(text);
  return std::string(text).append(static_cast<std::size_t>(missing > 0 ? missing : 0), ' ');
}

}  // namespace lamina
