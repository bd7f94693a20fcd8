#pragma once

#include "../printable.hpp"

#include <algorithm>
#include <iterator>

#include "../utf8.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the code point of the UTF-8 character of two or three bytes at the front, or 0 if it is another.
[[gnu::cold]] LAMINA_FUNC unsigned code_point(std::string_view text) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
  if ((byte(0) & 0xE0) == 0xC0) return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  if ((byte(0) & 0xF0) == 0xE0) return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  return 0;
}

[[gnu::cold]] LAMINA_FUNC std::size_t hidden_character(std::string_view text) {
  constexpr unsigned ranges[][2] = {{0x80, 0x9F},     {0x061C, 0x061C}, {0x200B, 0x200B}, {0x200E, 0x200F},
                                    {0x2028, 0x202E}, {0x2060, 0x2069}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}};
  const unsigned code = code_point(text);
  const bool hidden = std::any_of(std::begin(ranges), std::end(ranges),
                                  [&](const auto& range) { return code >= range[0] && code <= range[1]; });
  return !hidden ? 0 : code < 0x800 ? 2 : 3;
}

/// Returns an escape such as \x1b or \u202e with so many digits.
[[gnu::cold]] LAMINA_FUNC std::string escape_of(char letter, unsigned number, int digits) {
  std::string text{'\\', letter};
  while (digits-- > 0) text += "0123456789abcdef"[number >> (4 * digits) & 15];
  return text;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

[[gnu::cold]] LAMINA_FUNC std::string printable(std::string_view text, std::string_view kept) {
  std::string shown;
  for (std::size_t good = detail::utf8_length(text); !text.empty();) {
    const char byte = text.front();
    const auto number = static_cast<unsigned char>(byte);
    const std::size_t hidden = good > 0 ? detail::hidden_character(text) : 0;
    const std::size_t named = std::string_view("\n\r\t").find(byte);
    if (hidden > 0)
      shown += detail::escape_of('u', detail::code_point(text), 4);
    else if (good == 0 || ((number < 0x20 || number == 0x7F) && kept.find(byte) == kept.npos))
      shown += named == std::string_view::npos ? detail::escape_of('x', number, 2) : std::string{'\\', "nrt"[named]};
    else
      shown += byte;
    const std::size_t taken = (std::max<std::size_t>)(hidden, 1);
    text.remove_prefix(taken);
    good = good > taken ? good - taken : detail::utf8_length(text);
  }
  return shown;
}

}  // namespace lamina
