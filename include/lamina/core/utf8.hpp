#pragma once

#include <cstddef>
#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the position where text stops being UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
/// U+10FFFF), or its size if all of it is UTF-8.
constexpr std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
  std::size_t at = 0;
  while (at < text.size()) {
    const unsigned first = byte(at), second = byte(at + 1);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (size == 0 || (size > 1 && (second < low || second > high))) return at;
    for (std::size_t i = 2; i < size; ++i)
      if ((byte(at + i) & 0xC0) != 0x80) return at;
    at += size;
  }
  return at;
}

}  // namespace lamina::detail
