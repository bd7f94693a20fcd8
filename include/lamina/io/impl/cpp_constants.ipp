#pragma once

#include "../cpp_constants.hpp"

#include <cstdint>
#include <limits>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string cpp_int(Index number) {
  if (number > std::numeric_limits<std::int32_t>::max())
    throw DataError(message("is too large for plain C++: ", number, " does not fit an int"));
  return std::to_string(number);
}

LAMINA_FUNC std::string cpp_string(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?')  // ?? once began a trigraph
      (literal += '\\') += c;
    else if (code < 0x20 || code == 0x7F)
      for (const int shift : {9, 6, 3, 0}) literal += shift == 9 ? '\\' : static_cast<char>('0' + (code >> shift & 7));
    else
      literal += c;
  }
  return literal + "\"";
}

}  // namespace lamina::detail
