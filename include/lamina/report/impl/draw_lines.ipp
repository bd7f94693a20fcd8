#pragma once

#include "../draw_lines.hpp"

#include <cmath>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Ticks ticks_of(const PlotAxis& axis, const LinePlot& plot, std::vector<double> Series::*values, int most,
                      bool to_ticks) {
  std::vector<double> all;
  for (const Series& one : plot.series)
    for (std::size_t i = 0; i < (std::min)(one.x.size(), one.y.size()); ++i)
      if (is_drawable(one.x[i]) && is_drawable(one.y[i])) all.push_back((one.*values)[i]);
  if (axis.low || axis.high) {
    if (axis.low) std::erase_if(all, [&](double value) { return value < *axis.low; });
    if (axis.high) std::erase_if(all, [&](double value) { return value > *axis.high; });
    for (const auto& end : {axis.low, axis.high})
      if (end) all.push_back(*end);
  }
  return nice_ticks(all, {.most = most, .whole = axis.whole, .to_ticks = to_ticks});
}

LAMINA_FUNC std::vector<DrawnPoint> thinned(const std::vector<DrawnPoint>& points) {
  if (points.size() < 500) return points;
  std::vector<DrawnPoint> kept;
  for (std::size_t begin = 0, end = 0; begin < points.size(); begin = end) {
    std::size_t low = begin, high = begin;
    for (end = begin; end < points.size() && std::abs(points[end].x - points[begin].x) < 0.5; ++end) {
      if (points[end].y < points[low].y) low = end;
      if (points[end].y > points[high].y) high = end;
    }
    const std::size_t last = end - 1;
    for (const std::size_t i : {begin, (std::min)(low, high), (std::max)(low, high), last})
      if (kept.empty() || kept.back().x != points[i].x || kept.back().y != points[i].y) kept.push_back(points[i]);
  }
  return kept;
}

LAMINA_FUNC void draw_series(Drawing& out, const Frame& frame, const Series& series, const std::string& line,
                        const std::string& dots) {
  std::string path, marks;
  std::vector<DrawnPoint> points;
  std::size_t shown = 0;
  const std::size_t many = (std::min)(series.x.size(), series.y.size());
  for (std::size_t i = 0; i <= many; ++i) {
    if (i < many && is_drawable(series.x[i]) && is_drawable(series.y[i])) {
      points.push_back({frame.across(series.x[i]), frame.down(series.y[i])});
      continue;
    }
    const char* step = "M";
    for (const DrawnPoint& point : line.empty() ? points : thinned(points)) {
      const std::string place = joined({length(point.x), " ", length(point.y)});
      path += step + place;
      marks += joined({"M", place, "h0"});
      step = "L";
      ++shown;
    }
    points.clear();
  }
  if (path.empty()) return;
  if (!line.empty()) out.body += joined({"<path d=\"", path, "\" class=\"", line, "\"/>\n"});
  if ((shown <= 40 || line.empty()) && !dots.empty()) out.body += joined({"<path d=\"", marks, "\" class=\"", dots, "\"/>\n"});
}

LAMINA_FUNC double draw_legend(Drawing& out, const LinePlot& plot, double y) {
  double x = 4;
  y += 16;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const std::string name = fitted(plot.series[s].name, out.width - 44, 11),
                      style = "s" + std::to_string(s % line_styles);
    const double wide = 24 + drawn_width(name, 11) + 12;
    if (x > 4 && x + wide > out.width) x = 4, y += 16;
    out.line(x, y - 4, x + 19, y - 4, "line " + style);
    out.text(x + 24, y, "", name);
    x += wide;
  }
  return y;
}

LAMINA_FUNC void draw_frame(Drawing& out, const Frame& frame) {
  const double bottom = frame.top + frame.height, right = frame.left + frame.width;
  for (std::size_t i = 0; i < frame.y.values.size(); ++i) {
    const double y = frame.down(frame.y.values[i]);
    out.line(frame.left, y, right, y, "grid");
    out.text(frame.left - 6, y + 4, "end faint", frame.y.labels[i]);
  }
  for (std::size_t i = 0; i < frame.x.values.size(); ++i) {
    const double x = frame.across(frame.x.values[i]);
    out.line(x, bottom, x, bottom + 4, "axis");
    out.text(x, bottom + 16, "mid faint", frame.x.labels[i]);
  }
  out.line(frame.left, bottom, right, bottom, "axis");
}

LAMINA_FUNC Drawing draw(const LinePlot& plot) {
  Drawing out;
  double top = out.heading(plot.title);
  if (!plot.y.label.empty()) out.text(4, top += 10, "faint", fitted(plot.y.label, out.width - 8, 11));
  Frame frame{.left = 0,
              .top = top + 10,
              .width = 0,
              .height = 170,
              .x = ticks_of(plot.x, plot, &Series::x, 7, false),
              .y = ticks_of(plot.y, plot, &Series::y, 6, true)};
  double left = 0, right = 0;
  for (const std::string& label : frame.y.labels) left = (std::max)(left, drawn_width(label, 11));
  for (const std::string& label : frame.x.labels) right = (std::max)(right, drawn_width(label, 11));
  frame.left = 12 + left;
  frame.width = out.width - frame.left - (std::max)(8.0, right / 2 + 2);
  if (plot.square) frame.height = frame.width;
  draw_frame(out, frame);
  bool anything = false;
  for (const Series& guide : plot.guides) draw_series(out, frame, guide, "guide", "");
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const std::string style = "s" + std::to_string(s % line_styles);
    const std::size_t before = out.body.size();
    draw_series(out, frame, plot.series[s], plot.points ? "" : "line " + style, "dots " + style);
    anything = anything || out.body.size() > before;
  }
  if (!anything)
    out.text(frame.left + frame.width / 2, frame.top + frame.height / 2, "mid faint", "no numbers to show");
  double y = frame.top + frame.height + 18;
  if (!plot.x.label.empty())
    out.text(frame.left + frame.width / 2, y += 14, "mid faint", fitted(plot.x.label, frame.width, 11));
  const bool named = plot.series.size() > 1 || (plot.series.size() == 1 && !plot.series[0].name.empty());
  if (named) y = draw_legend(out, plot, y + 4);
  out.height = y + 8;
  return out;
}

}  // namespace lamina::detail
