#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <string>

#include "json_reader.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the shortest text that reads back as the same number, the same in every locale: "0.1", "1e-30", "nan", "-inf".
template <std::floating_point T>
std::string number_text(T number) {
  if (std::isnan(number)) return "nan";
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr};
}

/// Returns the number in such a text. Throws DataError if it is none.
double read_number_text(JsonReader& json);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/number_text.ipp"
#endif
