#pragma once

#include "../text_picture.hpp"

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::string TextPicture::text() const {
  std::string all;
  for (const std::string& line : lines) all += line + '\n';
  return caption.empty() ? all : all + printable(caption) + '\n';
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string half_block(double upper, double lower, const Terminal& terminal) {
  if (terminal.color) {
    const auto grey = [](double tone) { return std::to_string(232 + static_cast<int>(tone * 23 + 0.5)); };
    return str_cat("\x1b[38;5;", grey(upper), ";48;5;", grey(lower), "m▀");
  }
  constexpr const char* blocks[] = {" ", "▄", "▀", "█"};
  return blocks[2 * (upper >= 0.5) + (lower >= 0.5)];
}

LAMINA_FUNC Index caption_width(const TextPicture& picture) { return display_width(printable(picture.caption)); }

LAMINA_FUNC void append_row(std::string& all, std::span<const TextPicture> row, Index gap) {
  const auto field = [](const TextPicture& picture) { return (std::max)(picture.width, caption_width(picture)); };
  std::size_t height = 0;
  for (const TextPicture& picture : row) height = (std::max)(height, picture.lines.size());
  for (std::size_t i = 0; i <= height; ++i) {
    for (const TextPicture& picture : row) {
      const bool drawn = i < picture.lines.size();
      const Index width = i == height ? caption_width(picture) : drawn ? picture.width : 0;
      if (i == height)
        all += printable(picture.caption);
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
      used += (many ? gap : 0) + (std::max)(pictures[many].width, detail::caption_width(pictures[many]));
      if (many > 0 && used > terminal.width) break;
    }
    if (!all.empty()) all += '\n';
    detail::append_row(all, pictures.first(many), gap);
    pictures = pictures.subspan(many);
  }
  return all;
}

}  // namespace lamina
