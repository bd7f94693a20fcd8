#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "drawing.hpp"
#include "plot.hpp"
#include "ticks.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the axis of a plot: as the options ask, otherwise from the values.
Ticks ticks_of(const PlotAxis& axis, const LinePlot& plot, std::vector<double> Series::*values, int most,
                      bool to_ticks);

/// The area in which a plot's values are drawn.
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

/// Returns, of very many points, those that are still visible: in each column of pixels the first, lowest, highest and last.
std::vector<DrawnPoint> thinned(const std::vector<DrawnPoint>& points);

/// Draws a line, interrupted at NaN. Few points are marked, so that a single one is visible. If `line` is empty, draws
/// only the points.
void draw_series(Drawing& out, const Frame& frame, const Series& series, const std::string& line,
                        const std::string& dots);

/// Writes the names of the lines below the plot, as many in a row as fit. Returns the y coordinate below them.
double draw_legend(Drawing& out, const LinePlot& plot, double y);

void draw_frame(Drawing& out, const Frame& frame);

Drawing draw(const LinePlot& plot);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/draw_lines.ipp"
#endif
