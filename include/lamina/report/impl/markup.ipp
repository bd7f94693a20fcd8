#pragma once

#include "../markup.hpp"

#include <algorithm>
#include <cmath>

#include "../../core/text.hpp"
#include "../../core/utf8.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string escape_markup(std::string_view text) {
  constexpr std::string_view unknown = "\xEF\xBF\xBD";
  std::string safe;
  while (!text.empty()) {
    const std::size_t good = utf8_length(text);
    for (std::size_t i = 0; i < good; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      const std::string_view rest = text.substr(i, good - i);
      if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {  // U+FFFE, U+FFFF
        safe += unknown;
        i += 2;
      } else if (const std::size_t hidden = detail::hidden_character(rest); hidden > 0) {
        safe += printable(rest.substr(0, hidden));
        i += hidden - 1;
      } else if (byte == '&') {
        safe += "&amp;";
      } else if (byte == '<') {
        safe += "&lt;";
      } else if (byte == '>') {
        safe += "&gt;";
      } else if (byte == '"') {
        safe += "&quot;";
      } else if (byte == '\'') {
        safe += "&#39;";
      } else if (byte == '\t' || byte == '\n' || byte == '\r') {
        safe += ' ';
      } else if (byte < 0x20) {
        safe += unknown;
      } else {
        safe += text[i];
      }
    }
    text.remove_prefix(good);
    if (text.empty()) break;
    safe += unknown;
    text.remove_prefix(1);
  }
  return safe;
}

LAMINA_FUNC std::string base64(std::span<const std::byte> bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < bytes.size() ? std::to_integer<std::size_t>(bytes[i + k]) : 0;
    };
    const std::size_t three = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (std::size_t k = 0; k < 4; ++k) text += i + k < bytes.size() + 1 ? letters[three >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string joined(std::initializer_list<Word> words) {
  std::string all;
  for (const Word& word : words) word.append_to(all);
  return all;
}

LAMINA_FUNC std::vector<std::size_t> ascending(std::span<const double> numbers) {
  std::vector<std::size_t> places(numbers.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  const auto rank = [&](std::size_t place) { return std::isnan(numbers[place]) ? HUGE_VAL : numbers[place]; };
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return places;
}

LAMINA_FUNC std::size_t first_character(std::string_view text) {
  std::size_t bytes = 1;
  while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) ++bytes;
  return bytes;
}

LAMINA_FUNC double character_width(std::string_view text) {
  const char letter = text.front();
  const auto one_of = [&](std::string_view letters) { return letters.find(letter) != letters.npos; };
  if (static_cast<unsigned char>(letter) >= 0xE2) return 1.0;
  if (one_of("MWm@%")) return 1.0;
  if (one_of("GHNOQUw&+=<>~_")) return 0.84;
  if (one_of("ijl.,:;'|![](){} ")) return 0.4;
  if (letter >= 'A' && letter <= 'Z') return 0.72;
  return 0.64;
}

LAMINA_FUNC double drawn_width(std::string_view text, double font_size) {
  double width = 0;
  for (; !text.empty(); text.remove_prefix(first_character(text))) width += character_width(text);
  return width * font_size;
}

LAMINA_FUNC std::string fitted(std::string_view text, double width, double font_size) {
  if (drawn_width(text.substr(0, 4000), font_size) <= width && text.size() <= 4000) return std::string(text);
  double room = width / font_size - 1;
  std::size_t bytes = 0;
  while (bytes < text.size() && (room -= character_width(text.substr(bytes))) >= 0)
    bytes += first_character(text.substr(bytes));
  return std::string(text.substr(0, bytes)).append("…");
}

LAMINA_FUNC std::string shortened(std::string_view text, Index columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::size_t bytes = 0;
  for (Index column = 1; column < columns; ++column) bytes += first_character(text.substr(bytes));
  return std::string(text.substr(0, bytes)).append("…");
}

}  // namespace lamina::detail
