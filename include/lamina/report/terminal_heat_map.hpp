#pragma once

#include <string>
#include <vector>

#include "terminal_plot.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The layout of a heat map's cells in a terminal.
struct HeatLayout {
  std::size_t classes = 0;  ///< number of classes shown
  Index names = 0;          ///< columns for the names at the left
  Index cell = 1;           ///< columns of a cell: 1 shows a tone, more show the count
};

HeatLayout heat_layout(const HeatMap& map, const Terminal& terminal);

/// Returns one cell as text: its count, or a tone if there is no room for it.
std::string heat_cell(double value, double sum, Index columns, bool is_right, const Terminal& terminal);

}  // namespace detail

/// Draws a confusion matrix for a terminal: counts, in colour if available. If the terminal is too narrow for them, it
/// draws tones, darker for a larger share of the row; if it is too narrow even for those, only as many classes as fit.
///
///   std::cout << terminal_plot(confusion_map(evaluation.confusion), Terminal::detect(stdout));
std::string terminal_plot(const HeatMap& map, const Terminal& terminal);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/terminal_heat_map.ipp"
#endif
