#pragma once

#include "../terminal_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string terminal_text(std::string_view words, Index columns, const Terminal& terminal) {
  const std::string escaped = printable(words);
  std::string safe;
  std::string_view text = escaped;
  for (Index column = 0; !text.empty(); ++column) {
    const std::string_view letter = text.substr(0, first_character(text));
    text.remove_prefix(letter.size());
    if (column + 1 == columns && !text.empty()) return safe.append(terminal.unicode ? "…" : ".");
    safe += letter.size() == 1 || terminal.unicode ? letter : "?";
  }
  return safe;
}

LAMINA_FUNC std::string in_line_color(std::string_view text, std::size_t series, const Terminal& terminal) {
  constexpr std::array<int, 6> colors{94, 93, 92, 95, 91, 96};
  if (!terminal.color) return std::string(text);
  return detail::joined({"\x1b[", colors[series % colors.size()], "m", text, "\x1b[0m"});
}

LAMINA_FUNC void CharacterCanvas::set(Index x, Index y, std::size_t series) {
  if (x < 0 || y < 0 || x >= width() || y >= height()) return;
  constexpr std::array<std::uint8_t, 8> bits{1, 8, 2, 16, 4, 32, 64, 128};  // Unicode's Braille dots, row by row
  Cell& cell = cells_[static_cast<std::size_t>(y / down_ * columns_ + x / across_)];
  cell.dots |= bits[static_cast<std::size_t>(y % down_ * 2 + x % across_)];
  cell.series = series;
}

LAMINA_FUNC void CharacterCanvas::line(DrawnPoint from, DrawnPoint to, std::size_t series) {
  const double steps = (std::max)({std::abs(to.x - from.x), std::abs(to.y - from.y), 1.0});
  for (double step = 0; step <= steps; ++step)
    set(std::lround(from.x + (to.x - from.x) * step / steps), std::lround(from.y + (to.y - from.y) * step / steps),
        series);
}

LAMINA_FUNC std::string CharacterCanvas::row(Index row, const Terminal& terminal) const {
  std::string text;
  for (Index column = 0; column < columns_; ++column) {
    const Cell& cell = cells_[static_cast<std::size_t>(row * columns_ + column)];
    text += cell.dots == 0
                ? " "
                : in_line_color(across_ == 2 ? braille(cell.dots) : mark(cell.series, terminal), cell.series, terminal);
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

LAMINA_FUNC std::string CharacterCanvas::mark(std::size_t series, const Terminal& terminal) {
  constexpr std::array<const char*, 6> unicode{"●", "×", "+", "○", "▲", "■"}, ascii{"*", "x", "+", "o", "^", "#"};
  return (terminal.unicode ? unicode : ascii)[series % unicode.size()];
}

LAMINA_FUNC std::string CharacterCanvas::braille(std::uint8_t dots) {
  return {'\xE2', static_cast<char>(0xA0 | dots >> 6), static_cast<char>(0x80 | (dots & 63))};
}

LAMINA_FUNC std::string label_row(const Ticks& ticks, Index left, Index columns) {
  std::string row;
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    const double share = (ticks.values[i] - ticks.low) / (ticks.high - ticks.low);
    const Index size = std::ssize(ticks.labels[i]);
    const Index begin =
        (std::min)(left + std::lround(share * static_cast<double>(columns - 1)) - size / 2, left + columns - size);
    if (begin < (row.empty() ? 0 : std::ssize(row) + 1)) continue;
    row.append(static_cast<std::size_t>(begin - std::ssize(row)), ' ').append(ticks.labels[i]);
  }
  return row;
}

LAMINA_FUNC void plot_series(CharacterCanvas& canvas, const Frame& frame, const Series& series, std::size_t number,
                             bool points) {
  bool connected = false;
  DrawnPoint before{};
  for (std::size_t i = 0; i < (std::min)(series.x.size(), series.y.size()); ++i) {
    const bool drawable = is_drawable(series.x[i]) && is_drawable(series.y[i]);
    if (drawable) {
      const DrawnPoint point{frame.across(series.x[i]), frame.down(series.y[i])};
      canvas.line(connected ? before : point, point, number);
      before = point;
    }
    connected = drawable && !points;
  }
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::string terminal_plot(const LinePlot& plot, const Terminal& terminal,
                                      const TerminalPlotOptions& options) {
  if (options.rows < 2) throw OptionError(str_cat("terminal_plot: expects rows of at least 2 but got ", options.rows));
  const Index width = std::clamp(terminal.width - 1, 20, 100);
  const int ticks_down = static_cast<int>(std::clamp<Index>(options.rows / 2 + 1, 2, 6));
  detail::Frame frame{.left = 0,
                      .top = 0,
                      .width = 0,
                      .height = 0,
                      .x = detail::ticks_of(plot.x, plot, &Series::x, 7, false),
                      .y = detail::ticks_of(plot.y, plot, &Series::y, ticks_down, true)};
  Index left = 0;
  for (const std::string& label : frame.y.labels) left = (std::max)(left, std::ssize(label));
  const Index columns = (std::max<Index>)(width - left - 2, 8);
  detail::CharacterCanvas canvas(columns, options.rows, terminal.unicode && (terminal.color || plot.series.size() < 2));
  frame.width = static_cast<double>(canvas.width() - 1);
  frame.height = static_cast<double>(canvas.height() - 1);
  for (std::size_t s = 0; s < plot.series.size(); ++s) detail::plot_series(canvas, frame, plot.series[s], s, plot.points);

  std::vector<std::string> labels(static_cast<std::size_t>(options.rows));
  for (std::size_t i = 0; i < frame.y.values.size(); ++i) {
    const double share = frame.down(frame.y.values[i]) / frame.height;
    labels[static_cast<std::size_t>(std::lround(share * static_cast<double>(options.rows - 1)))] = frame.y.labels[i];
  }
  std::string text = detail::terminal_text(plot.title, width, terminal);
  if (!text.empty()) text += '\n';
  for (Index row = 0; row < options.rows; ++row) {
    const std::string& label = labels[static_cast<std::size_t>(row)];
    const char* bar = terminal.unicode ? (label.empty() ? "│" : "┤") : (label.empty() ? "|" : "+");
    text += detail::joined({align_right(label, left), " ", bar, canvas.row(row, terminal), "\n"});
  }
  text += detail::joined({align_right("", left), " ", terminal.unicode ? "└" : "+"});
  for (Index column = 0; column < columns; ++column) text += terminal.unicode ? "─" : "-";
  text += '\n' + detail::label_row(frame.x, left + 2, columns) + '\n';
  Index used = 0;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    if (plot.series[s].name.empty()) continue;
    const std::string name = detail::terminal_text(plot.series[s].name, width - left - 6, terminal);
    const Index needed = display_width(name) + 4;
    if (used > 0 && used + needed > width) text += '\n', used = 0;
    text += align_right("", used == 0 ? left + 2 : 2);
    text += detail::in_line_color(detail::CharacterCanvas::mark(s, terminal), s, terminal).append(1, ' ').append(name);
    used += (used == 0 ? left + 2 : 0) + needed;
  }
  return used == 0 ? text : text + '\n';
}

}  // namespace lamina
