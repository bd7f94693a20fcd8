#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "draw_lines.hpp"
#include "../core/terminal.hpp"

namespace LAMINA_NAMESPACE {

struct TerminalPlotOptions {
  Index rows = 12;  ///< of the plot itself, without title, axis and legend; at least 2
};

namespace detail {

/// Returns printable text of at most so many columns. In a terminal without Unicode all but ASCII become question marks.
std::string terminal_text(std::string_view words, Index columns, const Terminal& terminal);

/// Text in one of the colours of lines, where the terminal has colours.
std::string in_line_color(std::string_view text, std::size_t series, const Terminal& terminal);

/// A field of character cells in which lines are drawn: of 2 × 4 dots each (Braille), or with a mark for each line.
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

  /// Sets a dot, the first row being the highest.
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

/// The labels of the x axis below their places, those left out that would touch the one before.
std::string label_row(const Ticks& ticks, Index left, Index columns);

void plot_series(CharacterCanvas& canvas, const Frame& frame, const Series& series, std::size_t number,
                 bool points);

}  // namespace detail

/// Curves for a terminal, as wide as it is, at most 100 columns. Where it has Unicode and colours, in Braille dots,
/// each line in its colour; without colours, lines are told apart by their marks; in plain ASCII where there is no
/// Unicode. A number that is none breaks its line. Throws OptionError for fewer than two rows.
///
///   std::cout << terminal_plot(loss_plot(history), Terminal::detect(stdout));
std::string terminal_plot(const LinePlot& plot, const Terminal& terminal,
                                 const TerminalPlotOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/terminal_plot.ipp"
#endif
