#pragma once

#include "../terminal_heat_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC HeatLayout heat_layout(const HeatMap& map, const Terminal& terminal) {
  HeatLayout layout{.classes = (std::min)(map.names.size(), map.cells.size())};
  double largest = 1;
  Index longest = 1;
  for (const std::string& name : map.names) longest = (std::max)(longest, display_width(printable(name)));
  for (const auto& row : map.cells)
    for (const double value : row)
      if (std::isfinite(value)) largest = (std::max)(largest, value);
  const Index width = (std::max)(terminal.width - 1, 10), many = static_cast<Index>(layout.classes);
  layout.names = (std::min)({longest, Index{16}, (std::max<Index>)(width / 4, 3)});
  layout.cell = static_cast<Index>(std::log10((std::min)(largest, 1e15))) + 2;
  layout.cell = (std::max)(layout.cell, (std::min<Index>)(longest, 4) + 1);
  if (layout.names + many * layout.cell > width) layout.cell = 1;
  layout.classes = (std::min)(layout.classes, static_cast<std::size_t>((std::max<Index>)(width - layout.names - 1, 1)));
  return layout;
}

LAMINA_FUNC std::string heat_cell(double value, double sum, Index columns, bool is_right, const Terminal& terminal) {
  const double strength = value > 0 && sum > 0 ? std::clamp(std::sqrt(value / sum), 0.0, 1.0) : 0;
  std::string text;
  if (columns > 1) {
    text = align_right(strength > 0       ? std::to_string(static_cast<Index>((std::min)(value, 1e15)))
                       : terminal.unicode ? "·"
                                          : ".",
                       columns);
  } else {
    constexpr std::string_view tones[] = {"·", "░", "▒", "▓", "█"}, letters = ".-+*#";
    const auto tone = static_cast<std::size_t>(std::ceil(strength * 4));
    text = terminal.unicode ? std::string(tones[tone]) : std::string(1, letters[tone]);
  }
  if (!terminal.color || strength == 0) return text;
  const int level = 1 + static_cast<int>(std::lround(strength * 4));  // of blue, or of red, in the cube of 216 colours
  if (columns > 1) return detail::joined({"\x1b[97;48;5;", 16 + (is_right ? level : 36 * level), "m", text, "\x1b[0m"});
  return detail::joined({"\x1b[", is_right ? 94 : 91, "m", text, "\x1b[0m"});
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::string terminal_plot(const HeatMap& map, const Terminal& terminal) {
  const detail::HeatLayout layout = detail::heat_layout(map, terminal);
  const auto name = [&](std::size_t k, Index columns) { return detail::terminal_text(map.names[k], columns, terminal); };
  std::string text;
  const auto add_line = [&](std::string_view line) {
    if (!line.empty()) text += detail::terminal_text(line, (std::max)(terminal.width - 1, 10), terminal) + '\n';
  };
  add_line(map.title);
  if (!map.row_label.empty() || !map.column_label.empty())
    add_line(detail::joined({"rows: ", map.row_label, ", columns: ", map.column_label}));
  if (layout.cell > 1) {
    text += align_right("", layout.names);
    for (std::size_t k = 0; k < layout.classes; ++k) text += align_right(name(k, layout.cell - 1), layout.cell);
    text += '\n';
  }
  for (std::size_t i = 0; i < layout.classes; ++i) {
    double sum = 0;
    for (const double value : map.cells[i]) sum += std::isfinite(value) && value > 0 ? value : 0;
    text += align_right(name(i, layout.names), layout.names) + (layout.cell == 1 ? " " : "");
    for (std::size_t j = 0; j < (std::min)(layout.classes, map.cells[i].size()); ++j)
      text += detail::heat_cell(map.cells[i][j], sum, layout.cell, i == j, terminal);
    text += '\n';
  }
  const std::size_t all = (std::min)(map.names.size(), map.cells.size());
  if (layout.classes < all)
    text += detail::joined({"the first ", layout.classes, " of ", all, " classes; a wider terminal shows more\n"});
  return map.note.empty() ? text : text + detail::terminal_text(map.note, (std::numeric_limits<Index>::max)(), terminal) + '\n';
}

}  // namespace lamina
