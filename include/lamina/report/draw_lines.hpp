#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "drawing.hpp"
#include "plot.hpp"
#include "ticks.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The axis of a plot: as asked, else as the values are.
Ticks ticks_of(const Axis& axis, const LinePlot& plot, std::vector<double> Series::*values, int most,
                      bool to_ticks);

/// Where a plot's values are drawn.
struct Frame {
  double left, top, width, height;
  Ticks x, y;

  double across(double value) const { return left + width * std::clamp((value - x.low) / (x.high - x.low), 0.0, 1.0); }
  double down(double value) const {
    return top + height * (1 - std::clamp((value - y.low) / (y.high - y.low), 0.0, 1.0));
  }
};

struct DrawnPoint {
  double x, y;
};

/// Of very many points, those that still show: in each column of a pixel the first, the lowest, the highest, the last.
std::vector<DrawnPoint> thinned(const std::vector<DrawnPoint>& points);

/// A line, broken where a number is none; few points are marked, so that a single one shows. Without the name of a style
/// for lines, points alone.
void draw_series(Drawing& out, const Frame& frame, const Series& series, const std::string& line,
                        const std::string& dots);

/// Names of the lines below the plot, as many in a row as there is room; returns where they end.
double draw_legend(Drawing& out, const LinePlot& plot, double y);

void draw_frame(Drawing& out, const Frame& frame);

Drawing draw(const LinePlot& plot);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/draw_lines.ipp"
#endif
