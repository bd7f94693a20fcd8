#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <locale>
#include <sstream>
#include <string>

#include "json_reader.hpp"

namespace lamina::detail {

/// The fewest digits that are read back as the same number, in every locale: "0.1", "1e-30", "nan", "-inf".
template <std::floating_point T>
std::string number_text(T number) {
  if (std::isnan(number)) return "nan";
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr};
}

/// The number in such a text. Throws DataError when it is none.
inline double read_number_text(JsonReader& json) {
  const std::string text = json.string();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf" || text == "-inf") return text == "inf" ? infinity : -infinity;
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  double number = 0;
  if (!(in >> number) || in.peek() != std::istringstream::traits_type::eof())
    throw DataError(message("expects a number but got \"", JsonReader::printable(text), "\""));
  return number;
}

}  // namespace lamina::detail
