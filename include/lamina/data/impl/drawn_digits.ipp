#pragma once

#include "../drawn_digits.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC const DigitStyle& choose_style(int digit, Rng& rng) {
  int shares = 0;
  for (const DigitStyle& style : digit_styles) shares += style.digit == digit ? style.share : 0;
  Index lot = rng.below(shares);
  const DigitStyle* style = digit_styles;
  while (style->digit != digit || (lot -= style->share) >= 0) ++style;
  return *style;
}

LAMINA_FUNC Path trace(const DigitStyle& style, Rng& rng) {
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

LAMINA_FUNC void bend(Path& path, Rng& rng) {
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

LAMINA_FUNC void press(Path& path, Rng& rng) {
  const double n = rng.normal(), radius = std::clamp(1.18 + 0.33 * n + 0.09 * n * n, 0.65, 3.0);
  const double slope = 0.15 * rng.normal(), swell = 0.15 * rng.normal();
  const double last = static_cast<double>(path.dots().size() - 1);
  double i = 0;
  for (Dot& dot : path.dots()) {
    const double s = 2 * i++ / last - 1;  // −1 … 1 along the way
    dot.radius = radius * std::clamp(1 + slope * s + swell * (s * s - 0.3), 0.5, 1.6);
  }
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void draw_digit(int digit, Rng rng, std::span<std::uint8_t, 784> pixels) {
  if (digit < 0 || digit > 9) throw OptionError(str_cat("draw_digit: expects a digit of 0 … 9 but got ", digit));
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
  const auto margin = [mass](double moment) {  // centre + margin is closest to 14; never on the edge of a rounding
    return static_cast<int>(std::clamp(14.4999 - moment / mass, 0.0, double{largest_margin}));
  };
  const int left = margin(moment_x), top = margin(moment_y);
  std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
  for (int row = 0; row < box; ++row)
    for (int column = 0; column < box; ++column)
      pixels[static_cast<std::size_t>((top + row) * side + left + column)] =
          static_cast<std::uint8_t>(255 * ink.at(row, column) + 0.4999);
}

LAMINA_FUNC DrawnDigits draw_digits(Index count, Rng rng) {
  if (count < 0) throw OptionError(str_cat("draw_digits: expects a count of at least 0 but got ", count));
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
