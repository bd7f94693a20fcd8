#pragma once

#include "../drawing.hpp"

#include <algorithm>
#include <cmath>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string length(double value) {
  const long tenths = std::lround(value * 10);
  std::string text = std::to_string(std::abs(tenths) / 10);
  if (tenths % 10 != 0) text.append(1, '.').append(1, static_cast<char>('0' + std::abs(tenths) % 10));
  return tenths < 0 ? "-" + text : text;
}

LAMINA_FUNC void Drawing::rectangle(double x, double y, double w, double h, std::string_view classes,
                                    std::string_view more, std::string_view tooltip) {
  body += joined({"<rect x=\"", length(x), "\" y=\"", length(y), "\" width=\"", length(w), "\" height=\"", length(h),
                  "\" class=\"", classes, "\"", more});
  body += tooltip.empty() ? "/>\n" : joined({"><title>", escape_markup(tooltip), "</title></rect>\n"});
}

LAMINA_FUNC double Drawing::heading(std::string_view words) {
  title = words;
  if (words.empty()) return 8;
  text(4, 15, "title", fitted(words, width - 8, 12.5));
  return 24;
}

LAMINA_FUNC double Drawing::note(double y, std::string_view words) {
  while (!words.empty()) {
    std::size_t bytes = 0, end = 0;
    double room = ((std::min)(width, 360.0) - 8) / 11;
    while (bytes < words.size() && (room -= character_width(words.substr(bytes))) >= 0) {
      bytes += first_character(words.substr(bytes));
      if (bytes == words.size() || words[bytes] == ' ') end = bytes;
    }
    if (end == 0) end = bytes;
    text(4, y += 14, "faint", words.substr(0, end));
    words.remove_prefix((std::min)(end + 1, words.size()));
  }
  return y;
}

LAMINA_FUNC std::string Drawing::alone() const {
  const std::string size =
      joined({" xmlns=\"http://www.w3.org/2000/svg\" width=\"", length(width), "\" height=\"", length(height), "\""});
  return joined({opening(size), "<style>", drawing_style,
                 "</style>\n<rect width=\"100%\" height=\"100%\" class=\"paper\"/>\n", body, "</svg>\n"});
}

LAMINA_FUNC std::string Drawing::opening(std::string_view more) const {
  return joined({"<svg", more, " class=\"plot\" viewBox=\"0 0 ", length(width), " ", length(height),
                 "\" role=\"img\">\n<title>", escape_markup(title), "</title>\n"});
}

}  // namespace lamina::detail
