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
#include "../core/terminal.hpp"

namespace LAMINA_NAMESPACE {

/// A picture made of characters.
struct TextPicture {
  std::vector<std::string> lines;
  Index width = 0;      ///< columns of each line, without colour codes
  std::string caption;  ///< shown below the picture, "7 taken for 1"

  /// Returns the picture and its caption, line by line.
  std::string text() const;
};

namespace detail {

/// Returns a pixel as a brightness in [0, 1]; NaN is dark.
template <typename T>
double brightness(T pixel) {
  if constexpr (std::same_as<T, std::uint8_t>)
    return pixel / 255.0;
  else
    return pixel > T(0) ? (std::min)(static_cast<double>(pixel), 1.0) : 0.0;
}

/// Returns the mean brightness of `extent` pixels from (h, w) on, over all channels, inside the picture (H, W) or (H, W,
/// C); 0 outside it.
template <typename T, int Rank>
double mean_brightness(const Tensor<T, Rank>& pixels, Shape<2> from, Shape<2> extent) {
  const Index H = pixels.dimension(0), W = pixels.dimension(1), C = pixels.size() / (H * W);
  double sum = 0;
  Index count = 0;
  for (Index h = from[0]; h < (std::min)(from[0] + extent[0], H); ++h)
    for (Index w = from[1]; w < (std::min)(from[1] + extent[1], W); ++w)
      for (Index c = 0; c < C; ++c, ++count) sum += brightness(pixels.data()[(h * W + w) * C + c]);
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

/// Returns two cells, one above the other, as one character: in grey tones if there are colours, otherwise black and white.
std::string half_block(double upper, double lower, const Terminal& terminal);

}  // namespace detail

/// Draws pixels (H, W), or the mean of the channels of (H, W, C), bright ones as ink: u8, or floating-point numbers in
/// [0, 1]. A character is two pixels high and one wide: half blocks in a Unicode terminal, in grey tones if it has
/// colours, otherwise one of `" .:-=+*#%@"`. A picture wider than the terminal is reduced by a whole number. Throws
/// ShapeError for an empty picture.
template <typename T, int Rank>
TextPicture text_picture(const Tensor<T, Rank>& pixels, const Terminal& terminal, std::string caption = "") {
  static_assert(std::same_as<T, std::uint8_t> || std::floating_point<T>, "pixels are u8 or floating-point numbers");
  static_assert(Rank == 2 || Rank == 3, "a picture is (H, W) or (H, W, C)");
  if (pixels.size() < 1)
    throw ShapeError(str_cat("text_picture: expects pixels (H, W) or (H, W, C) but got ", shape(pixels)));
  const Index H = pixels.dimension(0), W = pixels.dimension(1);
  const Index columns = (std::max)(terminal.width, 1);
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

/// Appends one row of pictures with their captions below; shorter pictures end earlier.
void append_row(std::string& all, std::span<const TextPicture> row, Index gap);

}  // namespace detail

/// Returns pictures with their captions side by side, as many in a row as fit, with an empty line between rows. It ends
/// with a newline, unless there is no picture.
std::string side_by_side(std::span<const TextPicture> pictures, const Terminal& terminal);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/text_picture.ipp"
#endif
