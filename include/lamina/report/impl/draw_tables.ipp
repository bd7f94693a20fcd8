#pragma once

#include "../draw_tables.hpp"

#include <algorithm>
#include <cmath>

#include "../../core/text.hpp"
#include "../../data/png.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Drawing draw(const BarChart& chart) {
  constexpr double row = 17, widest = 130;
  Drawing out;
  double y = out.heading(chart.title) + 4, names = 0, values = 0, most = 0;
  const auto value_of = [&](const ChartBar& bar) {
    return !std::isfinite(bar.value) ? "–"
           : chart.digits == 0       ? format_count(static_cast<Index>(std::clamp(bar.value, -1e15, 1e15)))
                                     : format_fixed(bar.value, chart.digits);
  };
  for (const ChartBar& bar : chart.bars) {
    names = (std::max)(names, (std::min)(drawn_width(bar.name, 11), widest));
    values = (std::max)(values, drawn_width(value_of(bar), 11));
    if (std::isfinite(bar.value)) most = (std::max)(most, bar.value);
  }
  const double left = 12 + names, room = out.width - left - values - 12;
  for (const ChartBar& bar : chart.bars) {
    const double share = most > 0 && std::isfinite(bar.value) ? (std::max)(bar.value, 0.0) / most : 0;
    out.text(left - 6, y + 12, "end", fitted(bar.name, widest, 11));
    if (share > 0)
      out.rectangle(left, y + 2, (std::max)(share * room, 0.5), row - 4, "bar", "",
                    joined({bar.name, ": ", value_of(bar)}));
    out.text(left + share * room + 5, y + 12, "faint", value_of(bar));
    y += row;
  }
  if (chart.bars.empty()) out.text(out.width / 2, y += 20, "mid faint", "nothing to show");
  out.height = out.note(y, chart.note) + 8;
  return out;
}

LAMINA_FUNC void draw_cell(Drawing& out, const HeatMap& map, std::size_t i, std::size_t j, const Cell& cell,
                           const CellScale& scale) {
  const double value = map.cells[i][j], sum = scale.sum;
  if (!(value > 0) || !(sum > 0)) return;
  const double share = value / (i == j ? sum : scale.most_wrong);
  const double strength = std::clamp(0.12 + 0.88 * std::sqrt(share), 0.0, 1.0);
  const std::string count = format_count(static_cast<Index>((std::min)(value, 1e15)));
  out.rectangle(cell.x + 0.5, cell.y + 0.5, cell.size - 1, cell.size - 1, i == j ? "right" : "wrong",
                joined({" fill-opacity=\"", format_fixed(strength, 2), "\""}),
                joined({map.names[i], i == j ? " taken for itself: " : joined({" taken for ", map.names[j], ": "}),
                        count, " of ", format_count(static_cast<Index>((std::min)(sum, 1e15)))}));
  if (cell.font >= 6)
    out.body += joined({"<text x=\"", length(cell.x + cell.size / 2), "\" y=\"",
                        length(cell.y + cell.size / 2 + cell.font * 0.36), "\" class=\"mid",
                        strength > 0.55 ? " on" : "", "\" style=\"font-size:", length(cell.font), "px\">",
                        static_cast<Index>((std::min)(value, 1e15)), "</text>\n"});
}

LAMINA_FUNC Drawing draw(const HeatMap& map) {
  constexpr double widest = 110;
  const std::size_t K = (std::min)(map.names.size(), map.cells.size());
  Drawing out;
  double names = 0, largest = 1, most_wrong = 1;
  for (const std::string& name : map.names) names = (std::max)(names, (std::min)(drawn_width(name, 11), widest));
  for (std::size_t i = 0; i < map.cells.size(); ++i)
    for (std::size_t j = 0; j < map.cells[i].size(); ++j)
      if (const double value = map.cells[i][j]; std::isfinite(value)) {
        largest = (std::max)(largest, value);
        if (i != j) most_wrong = (std::max)(most_wrong, value);
      }
  const double left = 12 + names, classes = static_cast<double>((std::max<std::size_t>)(K, 1));
  const double size = std::clamp(std::floor((out.width - left - 6) / classes * 10) / 10, 20.0, 44.0);
  out.width = (std::max)(out.width, left + classes * size + 6);
  const double font = (std::min)(11.0, size / (0.58 * (std::floor(std::log10(largest)) + 1) + 0.5));
  const bool flat = names <= size - 2;
  double y = out.heading(map.title);
  if (!map.row_label.empty() || !map.column_label.empty())
    y = out.note(y - 4, joined({"rows: ", map.row_label, " · columns: ", map.column_label})) + 4;
  const double top = y + (flat ? 18 : names + 8);
  out.rectangle(left, top, classes * size, classes * size, "ground");
  for (std::size_t i = 0; i < K; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * size;
    out.text(left - 6, top + middle + 4, "end", fitted(map.names[i], widest, 11));
    if (flat)
      out.text(left + middle, top - 5, "mid", map.names[i]);
    else
      out.upward_text(left + middle + 4, top - 5, "", fitted(map.names[i], widest, 11));
    double sum = 0;
    for (const double value : map.cells[i]) sum += std::isfinite(value) && value > 0 ? value : 0;
    for (std::size_t j = 0; j < (std::min)(K, map.cells[i].size()); ++j)
      draw_cell(out, map, i, j, {left + static_cast<double>(j) * size, top + middle - size / 2, size, font}, {sum, most_wrong});
  }
  out.height = out.note(top + classes * size + 2, map.note) + 8;
  return out;
}

LAMINA_FUNC std::string picture_address(const Tensor<std::uint8_t, 3>& pixels) {
  return "data:image/png;base64," + base64(lamina::encode_png(pixels));
}

LAMINA_FUNC Drawing draw(const ImageGrid& grid) {
  Drawing out;
  double y = out.heading(grid.title) + 4;
  const double columns = static_cast<double>((std::max<Index>)(grid.columns, 1)), pitch = (out.width - 8) / columns;
  double lines = 0;
  for (const Picture& picture : grid.pictures)
    lines = (std::max)(lines, !picture.detail.empty() ? 2.0 : !picture.caption.empty() ? 1.0 : 0.0);
  double x = 4;
  for (std::size_t i = 0; i < grid.pictures.size(); ++i) {
    const Picture& picture = grid.pictures[i];
    const std::string side = length(pitch - 4);
    out.body += joined({"<image x=\"", length(x), "\" y=\"", length(y), "\" width=\"", side, "\" height=\"", side,
                        "\" href=\"", picture_address(picture.pixels), "\"><title>",
                        escape_markup(picture.caption + " " + picture.detail), "</title></image>\n"});
    if (!picture.caption.empty())
      out.text(x + pitch / 2 - 2, y + pitch + 8, "mid", fitted(picture.caption, pitch - 4, 11));
    if (!picture.detail.empty())
      out.text(x + pitch / 2 - 2, y + pitch + 20, "mid faint", fitted(picture.detail, pitch - 4, 11));
    const bool row_ends = (i + 1) % static_cast<std::size_t>(columns) == 0 || i + 1 == grid.pictures.size();
    x = row_ends ? 4 : x + pitch;
    if (row_ends) y += pitch + lines * 13;
  }
  if (grid.pictures.empty()) out.text(out.width / 2, y += 20, "mid faint", "no pictures");
  out.height = y + 8;
  return out;
}

}  // namespace lamina::detail
