#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/terminal.hpp"
#include "draw_lines.hpp"

namespace LAMINA_NAMESPACE {

struct TerminalPlotOptions {
  Index rows = 12;  ///< height of the plot without title, axis and legend; at least 2
};

namespace detail {

/// Returns printable text of at most so many columns. In a terminal without Unicode all but ASCII become question marks.
std::string terminal_text(std::string_view words, Index columns, const Terminal& terminal);

/// Returns text in one of the line colours, if the terminal has colours.
std::string in_line_color(std::string_view text, std::size_t series, const Terminal& terminal);

/// A grid of character cells for drawing lines: 2 × 4 dots per cell (Braille), or a mark per line.
class CharacterCanvas {
 public:
  CharacterCanvas(Index columns, Index rows, bool braille)
      : columns_(columns),
        rows_(rows),
        across_(braille ? 2 : 1),
        down_(braille ? 4 : 1),
        cells_(static_cast<std::size_t>(columns * rows)) {}

  Index width() const { return columns_ * across_; }  ///< in dots
  Index height() const { return rows_ * down_; }

  /// Sets a dot; the first row is the top one.
  void set(Index x, Index y, std::size_t series);

  void line(DrawnPoint from, DrawnPoint to, std::size_t series);

  std::string row(Index row, const Terminal& terminal) const;

  static std::string mark(std::size_t series, const Terminal& terminal);

 private:
  struct Cell {
    std::uint8_t dots = 0;
    std::size_t series = 0;
  };

  static std::string braille(std::uint8_t dots);

  Index columns_, rows_, across_, down_;
  std::vector<Cell> cells_;
};

/// Returns the labels of the x axis below their places; a label that would touch the one before is left out.
std::string label_row(const Ticks& ticks, Index left, Index columns);

void plot_series(CharacterCanvas& canvas, const Frame& frame, const Series& series, std::size_t number,
                 bool points);

}  // namespace detail

/// Draws curves for a terminal, as wide as it is, at most 100 columns. With Unicode and colours it uses Braille dots in
/// one colour per line; without colours it uses a different mark per line; without Unicode it uses plain ASCII. A NaN
/// interrupts its line. Throws OptionError for fewer than two rows.
///
///   std::cout << terminal_plot(loss_plot(history), Terminal::detect(stdout));
std::string terminal_plot(const LinePlot& plot, const Terminal& terminal,
                                 const TerminalPlotOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/terminal_plot.ipp"
#endif
