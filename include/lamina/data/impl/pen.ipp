#pragma once

#include "../pen.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void Path::curve(const Dot& p0, const Dot& p1, const Dot& p2, const Dot& p3) {
  for (int piece = 1; piece <= pieces; ++piece) {
    const double t = static_cast<double>(piece) / pieces;
    const double h0 = 0.5 * t * (-1 + t * (2 - t)), h1 = 1 + t * t * (1.5 * t - 2.5);
    const double h2 = t * (0.5 + t * (2 - 1.5 * t)), h3 = 0.5 * t * t * (t - 1);
    add(h0 * p0.x + h1 * p1.x + h2 * p2.x + h3 * p3.x, h0 * p0.y + h1 * p1.y + h2 * p2.y + h3 * p3.y, false);
  }
}

LAMINA_FUNC void fit(Path& path, double side) {
  const double pen = 2 * path.dots()[0].radius;
  double scale = 1, left = 0, right = 0, top = 0, bottom = 0;
  const auto measure = [&] {
    left = top = 1e9;
    right = bottom = -1e9;
    for (const Dot& dot : path.dots()) {
      left = (std::min)(left, scale * dot.x - dot.radius);
      right = (std::max)(right, scale * dot.x + dot.radius);
      top = (std::min)(top, scale * dot.y - dot.radius);
      bottom = (std::max)(bottom, scale * dot.y + dot.radius);
    }
  };
  for (int round = 0; round < 3; ++round) {
    measure();
    scale *= (side - pen) / (std::max)(0.5, (std::max)(right - left, bottom - top) - pen);
  }
  measure();
  for (Dot& dot : path.dots())
    dot = {scale * dot.x + 0.5 * (side - left - right), scale * dot.y + 0.5 * (side - top - bottom), dot.radius};
}

}  // namespace lamina::detail
