#pragma once

#include "../number_text.hpp"

#include <limits>
#include <locale>
#include <sstream>

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double read_number_text(JsonReader& json) {
  const std::string text = json.string();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf" || text == "-inf") return text == "inf" ? infinity : -infinity;
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  double number = 0;
  if (!(in >> number) || in.peek() != std::istringstream::traits_type::eof())
    throw DataError(str_cat("expects a number but got \"", JsonReader::printable(text), "\""));
  return number;
}

}  // namespace lamina::detail
