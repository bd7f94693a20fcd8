#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "digit_strokes.hpp"

/// Handwritten-looking digits, for use without data and without a network.
///
/// A digit is drawn in five steps, each of which varies from image to image:
///   1. a way to write it is chosen (digit_strokes.hpp) and its knots are moved a little;
///   2. a smooth curve runs through the knots (Catmull, Rom 1974), broken at corners and where the pen is lifted;
///   3. the paper is warped by a polynomial of low degree, then slanted, turned and stretched;
///   4. the path is scaled until the ink fits a box of 20 × 20 pixels, keeping its aspect ratio, and drawn with a round
///      pen whose width changes along the way;
///   5. the box is put where the ink's centre of mass comes closest to the centre of the 28 × 28 image.
/// The last two are what MNIST's makers did to their scans (LeCun, Bottou, Bengio, Haffner 1998). No picture of MNIST, nor
/// anything traced from one, is in here.
///
/// Pixels are decided by +, −, ×, ÷ and √ alone, which IEEE 754 defines to the bit, and never on the edge of a rounding:
/// the same seed draws the same image everywhere.
namespace lamina {

namespace detail {

inline constexpr Index digit_side = 28, digit_box = 20;

/// A place on the paper, and how far the ink reaches around it.
struct Dot {
  double x, y, radius;
};

/// A stroke's path as dots; `joined` says that the pen came from the dot before.
struct Path {
  static constexpr int steps = 5;  // from knot to knot
  std::array<Dot, 16 * steps> dots;
  std::array<bool, 16 * steps> joined;
  int size = 0;

  void add(double x, double y, bool is_joined) {
    joined[static_cast<std::size_t>(size)] = is_joined;
    dots[static_cast<std::size_t>(size++)] = {x, y, 0};
  }
  std::span<Dot> span() { return {dots.data(), static_cast<std::size_t>(size)}; }
};

/// One of the ways to write `digit`, as often as its share says.
inline const DigitStyle& choose_style(int digit, Rng& rng) {
  int shares = 0;
  for (const DigitStyle& style : digit_styles) shares += style.digit == digit ? style.share : 0;
  Index rest = rng.below(shares);
  for (const DigitStyle& style : digit_styles)
    if (style.digit == digit && (rest -= style.share) < 0) return style;
  return digit_styles[0];
}

/// Steps 1 and 2. Coordinates are in the digit's height: 0 … 1.
inline Path trace(const DigitStyle& style, Rng& rng) {
  const double unrest = rng.uniform(0.010, 0.045);
  std::array<Dot, 16> at;
  int K = 0;
  for (; K < 16 && style.knots[K].pen != Pen::none; ++K) {
    const Knot& knot = style.knots[K];
    at[static_cast<std::size_t>(K)] = {knot.x * 0.01 + unrest * rng.normal(), knot.y * 0.01 + unrest * rng.normal(), 0};
  }
  const auto dot = [&](int k) { return at[static_cast<std::size_t>(k)]; };
  const auto pen = [&](int k) { return k < K ? style.knots[k].pen : Pen::lift; };
  Path path;
  path.add(dot(0).x, dot(0).y, false);
  for (int k = 0; k + 1 < K; ++k) {
    const Dot p1 = dot(k), p2 = dot(k + 1);
    if (pen(k + 1) == Pen::lift) {
      path.add(p2.x, p2.y, false);
      continue;
    }
    const Dot p0 = pen(k) == Pen::curve ? dot(k - 1) : p1, p3 = pen(k + 1) == Pen::curve && pen(k + 2) != Pen::lift ? dot(k + 2) : p2;
    for (int step = 1; step <= Path::steps; ++step) {
      const double t = static_cast<double>(step) / Path::steps, u = 1 - t;
      const double h0 = -0.5 * t * u * u, h1 = 1 + t * t * (1.5 * t - 2.5), h2 = t * (0.5 + t * (2 - 1.5 * t)), h3 = -0.5 * t * t * u;
      path.add(h0 * p0.x + h1 * p1.x + h2 * p2.x + h3 * p3.x, h0 * p0.y + h1 * p1.y + h2 * p2.y + h3 * p3.y, true);
    }
  }
  return path;
}

/// Step 3. A turn by 2·atan(t) has cosine (1 − t²)/(1 + t²) and sine 2t/(1 + t²).
inline void warp(Path& path, Rng& rng) {
  std::array<double, 8> bend;
  for (double& b : bend) b = 0.05 * rng.normal();
  const double slant = 0.12 + 0.22 * rng.normal(), t = 0.05 * rng.normal(), width = 1 + 0.18 * rng.normal();
  const double cosine = (1 - t * t) / (1 + t * t), sine = 2 * t / (1 + t * t), stretch = std::clamp(width, 0.5, 1.6);
  for (Dot& dot : path.span()) {
    const double u = 2 * dot.x - 0.6, v = 2 * dot.y - 1;
    const double x = stretch * (u + bend[0] * v * v + bend[1] * u * v + bend[2] * u * u + bend[3] * v * v * v) - slant * v;
    const double y = v + bend[4] * u * u + bend[5] * u * v + bend[6] * v * v + bend[7] * u * u * u;
    dot.x = cosine * x - sine * y;
    dot.y = sine * x + cosine * y;
  }
}

/// The pen's half width, in pixels of the finished image.
inline void press(Path& path, Rng& rng) {
  const double radius = std::clamp(1.3 + 0.35 * rng.normal(), 0.6, 2.4), slope = 0.15 * rng.normal(), swell = 0.15 * rng.normal();
  const double last = std::max(1, path.size - 1);
  double i = 0;
  for (Dot& dot : path.span()) {
    const double s = 2 * i++ / last - 1;
    dot.radius = radius * std::clamp(1 + slope * s + swell * (s * s - 0.3), 0.5, 1.6);
  }
}

/// Step 4, the box: moves and scales the path until its ink fits 0 … 20 both ways, centred in the shorter direction.
inline void fit(Path& path) {
  double scale = 1;
  for (int round = 0; round < 4; ++round) {
    Dot low{1e9, 1e9, 0}, high{-1e9, -1e9, 0};
    for (const Dot& dot : path.span()) {
      low = {std::min(low.x, scale * dot.x - dot.radius), std::min(low.y, scale * dot.y - dot.radius), 0};
      high = {std::max(high.x, scale * dot.x + dot.radius), std::max(high.y, scale * dot.y + dot.radius), 0};
    }
    if (round < 3) {
      const double extent = std::max(high.x - low.x, high.y - low.y);
      const double radius = path.dots[0].radius;
      scale *= (digit_box - 2 * radius) / std::max(0.5, extent - 2 * radius);
      continue;
    }
    const double x = 0.5 * (digit_box - low.x - high.x), y = 0.5 * (digit_box - low.y - high.y);
    for (Dot& dot : path.span()) dot = {scale * dot.x + x, scale * dot.y + y, dot.radius};
  }
}

using DigitBox = std::array<double, static_cast<std::size_t>(digit_box* digit_box)>;

/// Step 4, the pen: how deep each pixel's centre lies in the ink from `from` to `to`, where that is deeper than before.
inline void ink(const Dot& from, const Dot& to, DigitBox& depth) {
  const double reach = std::max(from.radius, to.radius) + 1, dx = to.x - from.x, dy = to.y - from.y;
  const double length2 = dx * dx + dy * dy, inverse = length2 > 1e-9 ? 1 / length2 : 0;
  const auto first = [](double edge) { return static_cast<int>(std::clamp(edge, 0.0, double{digit_box})); };
  const int left = first(std::min(from.x, to.x) - reach), right = first(std::max(from.x, to.x) + reach + 1);
  const int top = first(std::min(from.y, to.y) - reach), bottom = first(std::max(from.y, to.y) + reach + 1);
  for (int row = top; row < bottom; ++row)
    for (int column = left; column < right; ++column) {
      const double x = column + 0.5 - from.x, y = row + 0.5 - from.y;
      const double t = std::clamp((x * dx + y * dy) * inverse, 0.0, 1.0), ex = x - t * dx, ey = y - t * dy;
      const double inside = from.radius + t * (to.radius - from.radius) - std::sqrt(ex * ex + ey * ey);
      double& deepest = depth[static_cast<std::size_t>(row * digit_box + column)];
      deepest = std::max(deepest, inside);
    }
}

}  // namespace detail

/// Draws one digit (0 … 9) of 28 × 28 pixels: ink is 255 on 0, rows from the top. Throws OptionError for another digit.
inline void draw_digit(int digit, Rng rng, std::span<std::uint8_t, 784> pixels) {
  using namespace detail;
  if (digit < 0 || digit > 9) throw OptionError(message("draw_digit: expects a digit of 0 … 9 but got ", digit));
  Path path = trace(choose_style(digit, rng), rng);
  warp(path, rng);
  press(path, rng);
  fit(path);
  const double sharpness = rng.uniform(0.6, 1.0);
  DigitBox box;
  box.fill(-1);
  ink(path.dots[0], path.dots[0], box);
  for (std::size_t i = 1; i < static_cast<std::size_t>(path.size); ++i)
    ink(path.dots[path.joined[i] ? i - 1 : i], path.dots[i], box);

  double mass = 0, moment_x = 0, moment_y = 0;
  for (Index row = 0; row < digit_box; ++row)
    for (Index column = 0; column < digit_box; ++column) {
      double& value = box[static_cast<std::size_t>(row * digit_box + column)];
      value = std::clamp(0.5 + sharpness * value, 0.0, 1.0);
      mass += value;
      moment_x += value * (static_cast<double>(column) + 0.5);
      moment_y += value * (static_cast<double>(row) + 0.5);
    }
  const auto place = [&](double moment) { return static_cast<Index>(std::clamp(14.9999 - moment / mass, 0.0, 8.0)); };
  const Index left = place(moment_x), top = place(moment_y);
  std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
  for (Index row = 0; row < digit_box; ++row)
    for (Index column = 0; column < digit_box; ++column)
      pixels[static_cast<std::size_t>((top + row) * digit_side + left + column)] =
          static_cast<std::uint8_t>(255 * box[static_cast<std::size_t>(row * digit_box + column)] + 0.4999);
}

/// Images (N, 28, 28, 1) of drawn digits and the digits they show.
struct DrawnDigits {
  Tensor<std::uint8_t, 4> images;
  std::vector<std::int32_t> labels;
};

/// Draws `count` digits. Every ten images in a row hold each digit once, in a random order; image i depends on
/// (rng, i) only, whatever the count. Throws OptionError for a negative count.
inline DrawnDigits draw_digits(Index count, Rng rng) {
  if (count < 0) throw OptionError(message("draw_digits: expects a count of at least 0 but got ", count));
  DrawnDigits drawn;
  drawn.images.resize(count, detail::digit_side, detail::digit_side, Index{1});
  drawn.labels.resize(static_cast<std::size_t>(count));
  std::array<std::int32_t, 10> ten{};
  for (Index i = 0; i < count; ++i) {
    const auto place = static_cast<std::size_t>(i);
    if (i % 10 == 0) {
      ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
      shuffle(ten, rng.split(0).split(static_cast<std::uint64_t>(i / 10)));
    }
    drawn.labels[place] = ten[place % 10];
    draw_digit(ten[place % 10], rng.split(1).split(static_cast<std::uint64_t>(i)),
               std::span<std::uint8_t, 784>(drawn.images.data() + 784 * i, 784));
  }
  return drawn;
}

}  // namespace lamina
