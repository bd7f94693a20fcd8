#pragma once

#include "../terminal.hpp"

#include <cctype>
#include <string>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool names_utf8(std::string_view locale) {
  std::string lower(locale);
  for (char& letter : lower) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
}

LAMINA_FUNC int columns_from(std::string_view text) {
  if (text.empty() || text.size() > 4) return 0;
  int columns = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return 0;
    columns = 10 * columns + (digit - '0');
  }
  return columns;
}

}  // namespace lamina::detail
