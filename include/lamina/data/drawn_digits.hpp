#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "digit_strokes.hpp"
#include "pen.hpp"

/// Handwritten-looking digits, for use without data and without a network.
///
/// A digit is drawn in five steps; the first four draw lots, image by image:
///
///   1. a way to write it is chosen (digit_strokes.hpp), its knots are moved a little, the ends of strokes twice as
///   much,
///      and a smooth curve is laid through them;
///   2. the paper is bent by a polynomial of low degree, stretched, slanted and turned;
///   3. the pen is chosen: its width, and how that changes along the way;
///   4. the path is scaled until the ink fits 20 × 20 pixels, keeping its aspect ratio, and drawn with soft edges;
///   5. the box is put where the ink's centre of mass comes closest to the centre of 28 × 28 pixels.
///
/// The last two are what the makers of MNIST did to their scans (LeCun, Bottou, Bengio, Haffner 1998). No picture of
/// MNIST and nothing traced from one is in here; how far the lots reach was chosen by looking at MNIST's training
/// images, of which a LeNet that has seen 20,000 drawn digits and nothing else reads about 96 %.
///
/// Pixels are decided by +, −, ×, ÷ and √ alone, which IEEE 754 defines to the bit, and no common value lies on the
/// edge between two greys: the same seed draws the same images everywhere.
namespace lamina {

namespace detail {

/// One of the ways to write a digit, as often as its share says.
inline const DigitStyle& choose_style(int digit, Rng& rng) {
  int shares = 0;
  for (const DigitStyle& style : digit_styles) shares += style.digit == digit ? style.share : 0;
  Index lot = rng.below(shares);
  const DigitStyle* style = digit_styles;
  while (style->digit != digit || (lot -= style->share) >= 0) ++style;
  return *style;
}

/// Step 1: a curve through the knots, broken at corners and where the pen is lifted, in units of the digit's height.
inline Path trace(const DigitStyle& style, Rng& rng) {
  const auto pen = [&style](std::size_t k) { return k < DigitStyle::most_knots ? style.knots[k].pen : Pen::none; };
  const auto ends = [&pen](std::size_t k) { return pen(k + 1) == Pen::none || pen(k + 1) == Pen::lifted; };
  const double unrest = rng.uniform(0.010, 0.055);
  std::array<Dot, DigitStyle::most_knots> at;
  for (std::size_t k = 0; pen(k) != Pen::none; ++k) {
    const double reach = pen(k) == Pen::lifted || ends(k) ? 2 * unrest : unrest;
    at[k].x = style.knots[k].x * 0.01 + reach * rng.normal();
    at[k].y = style.knots[k].y * 0.01 + reach * rng.normal();
  }
  Path path;
  for (std::size_t k = 0; pen(k) != Pen::none; ++k) {
    if (pen(k) == Pen::lifted) path.begin_stroke(at[k].x, at[k].y);
    if (ends(k)) continue;
    const Dot& before = pen(k) == Pen::curve ? at[k - 1] : at[k];
    const Dot& after = pen(k + 1) == Pen::curve && !ends(k + 1) ? at[k + 2] : at[k + 1];
    path.curve(before, at[k], at[k + 1], after);
  }
  return path;
}

/// Step 2. A turn by the angle 2·atan(t) has the cosine (1 − t²)/(1 + t²) and the sine 2t/(1 + t²).
inline void bend(Path& path, Rng& rng) {
  std::array<double, 8> b;
  for (double& coefficient : b) coefficient = 0.07 * rng.normal();
  const double slant = 0.12 + 0.28 * rng.normal();
  const double t = 0.08 * rng.normal(), cosine = (1 - t * t) / (1 + t * t), sine = 2 * t / (1 + t * t);
  const double stretch = std::clamp(1.12 + 0.28 * rng.normal(), 0.5, 2.0);
  for (Dot& dot : path.dots()) {
    const double u = 2 * dot.x - 0.6, v = 2 * dot.y - 1;  // about −1 … 1
    const double x = stretch * (u + b[0] * v * v + b[1] * u * v + b[2] * u * u + b[3] * v * v * v) - slant * v;
    const double y = v + b[4] * u * u + b[5] * u * v + b[6] * v * v + b[7] * u * u * u;
    dot.x = cosine * x - sine * y;
    dot.y = sine * x + cosine * y;
  }
}

/// Step 3, in pixels of the finished image.
inline void press(Path& path, Rng& rng) {
  const double n = rng.normal(), radius = std::clamp(1.18 + 0.33 * n + 0.09 * n * n, 0.65, 3.0);
  const double slope = 0.15 * rng.normal(), swell = 0.15 * rng.normal();
  const double last = static_cast<double>(path.dots().size() - 1);
  double i = 0;
  for (Dot& dot : path.dots()) {
    const double s = 2 * i++ / last - 1;  // −1 … 1 along the way
    dot.radius = radius * std::clamp(1 + slope * s + swell * (s * s - 0.3), 0.5, 1.6);
  }
}

}  // namespace detail

/// Draws one digit (0 … 9) of 28 × 28 pixels, row by row from the top: ink is 255 on 0. The image depends on the digit
/// and on where rng stands. Throws OptionError for another digit.
inline void draw_digit(int digit, Rng rng, std::span<std::uint8_t, 784> pixels) {
  if (digit < 0 || digit > 9) throw OptionError(message("draw_digit: expects a digit of 0 … 9 but got ", digit));
  constexpr int side = 28, box = 20, largest_margin = side - box;
  detail::Path path = detail::trace(detail::choose_style(digit, rng), rng);
  detail::bend(path, rng);
  detail::press(path, rng);
  detail::fit(path, box);
  detail::Ink<box> ink(path);

  const double sharpness = rng.uniform(0.6, 1.0);  // of an edge, in greys per pixel
  double mass = 0, moment_x = 0, moment_y = 0;
  for (int row = 0; row < box; ++row)
    for (int column = 0; column < box; ++column) {
      const double grey = ink.at(row, column) = std::clamp(0.5 + sharpness * ink.at(row, column), 0.0, 1.0);
      mass += grey;
      moment_x += grey * column;
      moment_y += grey * row;
    }
  const auto margin = [mass](double moment) {  // centre + margin comes closest to 14; never on the edge of a rounding
    return static_cast<int>(std::clamp(14.4999 - moment / mass, 0.0, double{largest_margin}));
  };
  const int left = margin(moment_x), top = margin(moment_y);
  std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
  for (int row = 0; row < box; ++row)
    for (int column = 0; column < box; ++column)
      pixels[static_cast<std::size_t>((top + row) * side + left + column)] =
          static_cast<std::uint8_t>(255 * ink.at(row, column) + 0.4999);
}

/// Images (N, 28, 28, 1) of drawn digits, and the digits that they show.
struct DrawnDigits {
  Tensor<std::uint8_t, 4> images;
  std::vector<std::int32_t> labels;
};

/// Draws `count` digits. Of every ten in a row each is another digit, in random order. Image i depends on rng's seed
/// and on i only, whatever the count. Throws OptionError for a negative count.
inline DrawnDigits draw_digits(Index count, Rng rng) {
  if (count < 0) throw OptionError(message("draw_digits: expects a count of at least 0 but got ", count));
  const Rng order = rng.split(0), hand = rng.split(1);
  DrawnDigits drawn;
  drawn.images.resize(count, Index{28}, Index{28}, Index{1});
  drawn.labels.resize(static_cast<std::size_t>(count));
  std::array<std::int32_t, 10> ten{};
  for (Index i = 0; i < count; ++i) {
    if (i % 10 == 0) {
      std::iota(ten.begin(), ten.end(), 0);
      shuffle(ten, order.split(static_cast<std::uint64_t>(i / 10)));
    }
    const std::int32_t digit = ten[static_cast<std::size_t>(i % 10)];
    drawn.labels[static_cast<std::size_t>(i)] = digit;
    draw_digit(digit, hand.split(static_cast<std::uint64_t>(i)),
               std::span<std::uint8_t, 784>(drawn.images.data() + 784 * i, 784));
  }
  return drawn;
}

}  // namespace lamina
