#pragma once

#include "../text_picture.hpp"

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::string TextPicture::text() const {
  std::string all;
  for (const std::string& line : lines) all += line + '\n';
  return caption.empty() ? all : all + caption + '\n';
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string half_block(double upper, double lower, const Terminal& terminal) {
  if (terminal.color) {
    const auto grey = [](double tone) { return std::to_string(232 + static_cast<int>(tone * 23 + 0.5)); };
    return message("\x1b[38;5;", grey(upper), ";48;5;", grey(lower), "m▀");
  }
  constexpr const char* blocks[] = {" ", "▄", "▀", "█"};
  return blocks[2 * (upper >= 0.5) + (lower >= 0.5)];
}

LAMINA_FUNC void append_row(std::string& all, std::span<const TextPicture> row, Index gap) {
  const auto field = [](const TextPicture& picture) { return std::max(picture.width, display_width(picture.caption)); };
  std::size_t height = 0;
  for (const TextPicture& picture : row) height = std::max(height, picture.lines.size());
  for (std::size_t i = 0; i <= height; ++i) {
    for (const TextPicture& picture : row) {
      const bool drawn = i < picture.lines.size();
      const Index width = i == height ? display_width(picture.caption) : drawn ? picture.width : 0;
      if (i == height)
        all += picture.caption;
      else if (drawn)
        all += picture.lines[i];
      all.append(static_cast<std::size_t>(field(picture) - width + gap), ' ');
    }
    while (!all.empty() && all.back() == ' ') all.pop_back();
    all += '\n';
  }
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::string side_by_side(std::span<const TextPicture> pictures, const Terminal& terminal) {
  constexpr Index gap = 2;
  std::string all;
  while (!pictures.empty()) {
    std::size_t many = 0;
    Index used = 0;
    for (; many < pictures.size(); ++many) {
      used += (many ? gap : 0) + std::max(pictures[many].width, display_width(pictures[many].caption));
      if (many > 0 && used > terminal.width) break;
    }
    if (!all.empty()) all += '\n';
    detail::append_row(all, pictures.first(many), gap);
    pictures = pictures.subspan(many);
  }
  return all;
}

}  // namespace lamina
