#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/tensor.hpp"
#include "../core/text.hpp"
#include "../core/terminal.hpp"

namespace lamina {

/// A picture made of characters.
struct TextPicture {
  std::vector<std::string> lines;
  Index width = 0;      ///< columns of each line, colours not counted
  std::string caption;  ///< stands below the picture, "7 taken for 1"

  /// The picture and its caption, line by line.
  std::string text() const {
    std::string all;
    for (const std::string& line : lines) all += line + '\n';
    return caption.empty() ? all : all + caption + '\n';
  }
};

namespace detail {

/// A pixel as a brightness in [0, 1]; what is not a number is dark.
template <typename T>
double brightness(T pixel) {
  if constexpr (std::same_as<T, std::uint8_t>)
    return pixel / 255.0;
  else
    return pixel > T(0) ? std::min(static_cast<double>(pixel), 1.0) : 0.0;
}

/// Mean brightness of the pixels from (h, w) on, `extent` of them, over all channels, as far as the picture (H, W) or
/// (H, W, C) reaches; 0 beyond it.
template <typename T, int Rank>
double mean_brightness(const Tensor<T, Rank>& pixels, Shape<2> from, Shape<2> extent) {
  const Index H = pixels.dimension(0), W = pixels.dimension(1), C = pixels.size() / (H * W);
  double sum = 0;
  Index count = 0;
  for (Index h = from[0]; h < std::min(from[0] + extent[0], H); ++h)
    for (Index w = from[1]; w < std::min(from[1] + extent[1], W); ++w)
      for (Index c = 0; c < C; ++c, ++count) sum += brightness(pixels.data()[(h * W + w) * C + c]);
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

/// Two cells, one above the other, as one character: grey tones where there are colours, else black and white.
inline std::string half_block(double upper, double lower, const Terminal& terminal) {
  if (terminal.color) {
    const auto grey = [](double tone) { return std::to_string(232 + static_cast<int>(tone * 23 + 0.5)); };
    return message("\x1b[38;5;", grey(upper), ";48;5;", grey(lower), "m▀");
  }
  constexpr const char* blocks[] = {" ", "▄", "▀", "█"};
  return blocks[2 * (upper >= 0.5) + (lower >= 0.5)];
}

}  // namespace detail

/// Draws pixels (H, W), or the mean of the channels of (H, W, C): u8, or floating-point numbers in [0, 1], bright ones
/// as ink. A character is two pixels high and one wide, as characters are: half blocks in a Unicode terminal, in grey
/// tones where it has colours, else one of " .:-=+*#%@". A picture wider than the terminal is reduced by a whole
/// number. Throws ShapeError for an empty picture.
template <typename T, int Rank>
TextPicture text_picture(const Tensor<T, Rank>& pixels, const Terminal& terminal, std::string caption = "") {
  static_assert(std::same_as<T, std::uint8_t> || std::floating_point<T>, "pixels are u8 or floating-point numbers");
  static_assert(Rank == 2 || Rank == 3, "a picture is (H, W) or (H, W, C)");
  if (pixels.size() < 1)
    throw ShapeError(message("text_picture: expects pixels (H, W) or (H, W, C) but got ", shape(pixels)));
  const Index H = pixels.dimension(0), W = pixels.dimension(1);
  const Index columns = std::max(terminal.width, 1);
  const Index scale = (W + columns - 1) / columns;
  TextPicture picture{.lines = {}, .width = (W + scale - 1) / scale, .caption = std::move(caption)};
  for (Index h = 0; h < H; h += 2 * scale) {
    std::string line;
    for (Index w = 0; w < W; w += scale) {
      if (terminal.unicode) {
        const Shape<2> cell{scale, scale};
        line += detail::half_block(detail::mean_brightness(pixels, {h, w}, cell),
                                   detail::mean_brightness(pixels, {h + scale, w}, cell), terminal);
      } else {
        const double tone = detail::mean_brightness(pixels, {h, w}, {2 * scale, scale});
        line += std::string_view(" .:-=+*#%@")[static_cast<std::size_t>(tone * 9 + 0.5)];
      }
    }
    picture.lines.push_back(terminal.unicode && terminal.color ? line + "\x1b[0m" : line);
  }
  return picture;
}

namespace detail {

/// One row of pictures, the captions below them; lower pictures end earlier.
inline void append_row(std::string& all, std::span<const TextPicture> row, Index gap) {
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

}  // namespace detail

/// Pictures with their captions next to each other, as many in a row as the terminal takes, an empty line between rows.
/// Ends with a newline, unless there is no picture.
inline std::string side_by_side(std::span<const TextPicture> pictures, const Terminal& terminal) {
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
