#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A point where a round pen touches the paper, and the radius of its ink.
struct Dot {
  double x = 0, y = 0, radius = 0;
};

/// The path of a pen: dots, each joined to the one before unless it begins a stroke. Curves are approximated by a few
/// straight pieces.
class Path {
 public:
  static constexpr int pieces = 5;  // of the curve from one knot to the next
  static constexpr std::size_t most_dots = 16 * pieces;

  std::span<Dot> dots() { return {dots_.data(), size_}; }
  std::span<const Dot> dots() const { return {dots_.data(), size_}; }
  bool begins_stroke(std::size_t i) const { return begins_stroke_[i]; }

  void begin_stroke(double x, double y) { add(x, y, true); }

  /// Adds the curve from p1 to p2 that comes from p0 and continues to p3 (Catmull, Rom 1974), without p1 itself:
  ///
  ///   ½ · (−t + 2t² − t³) · p0 + ½ · (2 − 5t² + 3t³) · p1 + ½ · (t + 4t² − 3t³) · p2 + ½ · (−t² + t³) · p3
  void curve(const Dot& p0, const Dot& p1, const Dot& p2, const Dot& p3);

 private:
  void add(double x, double y, bool is_first) {
    begins_stroke_[size_] = is_first;
    dots_[size_++] = {x, y, 0};
  }

  std::array<Dot, most_dots> dots_;
  std::array<bool, most_dots> begins_stroke_;
  std::size_t size_ = 0;
};

/// Moves and scales a path, but not its pen, until the ink just fits a square from (0, 0) to (side, side), centred in the
/// shorter direction. The ink's extent is nearly scale · path + 2 · radius; three rounds reach it to a hundredth.
void fit(Path& path, double side);

/// A square of pixels with the depth of each pixel's centre in the ink: its distance from the edge, negative outside.
template <int Side>
struct Ink {
  static constexpr int side = Side;
  static constexpr double outside = -1;  // deeper values do not matter

  std::array<double, static_cast<std::size_t>(Side* Side)> depth;

  double& at(int row, int column) { return depth[static_cast<std::size_t>(row * Side + column)]; }

  explicit Ink(const Path& path) {
    depth.fill(outside);
    const auto dots = path.dots();
    for (std::size_t i = 0; i < dots.size(); ++i) draw(dots[path.begins_stroke(i) ? i : i - 1], dots[i]);
  }

 private:
  /// Draws a straight piece: discs around all its points, whose radius changes linearly from end to end.
  void draw(const Dot& from, const Dot& to) {
    const auto pixel = [](double place) { return static_cast<int>(std::clamp(place, 0.0, double{Side})); };
    const double reach = (std::max)(from.radius, to.radius) - outside, dx = to.x - from.x, dy = to.y - from.y;
    const double length2 = dx * dx + dy * dy, inverse = length2 > 1e-9 ? 1 / length2 : 0;
    const int left = pixel((std::min)(from.x, to.x) - reach), right = pixel((std::max)(from.x, to.x) + reach + 1);
    const int top = pixel((std::min)(from.y, to.y) - reach), bottom = pixel((std::max)(from.y, to.y) + reach + 1);
    for (int row = top; row < bottom; ++row)
      for (int column = left; column < right; ++column) {
        const double x = column + 0.5 - from.x, y = row + 0.5 - from.y;
        const double t = std::clamp((x * dx + y * dy) * inverse, 0.0, 1.0), ex = x - t * dx, ey = y - t * dy;
        const double inside = from.radius + t * (to.radius - from.radius) - std::sqrt(ex * ex + ey * ey);
        at(row, column) = (std::max)(at(row, column), inside);
      }
  }
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/pen.ipp"
#endif
