#pragma once

#include "../terminal.hpp"

#include <string>

#include "../text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool names_utf8(std::string_view locale) {
  const std::string name = small_letters(locale);
  return name.find("utf-8") != std::string::npos || name.find("utf8") != std::string::npos;
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
