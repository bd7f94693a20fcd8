#pragma once

#include <string>
#include <vector>

#include "terminal_plot.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// How the cells of a heat map are laid out in a terminal.
struct HeatLayout {
  std::size_t classes = 0;  ///< that are shown
  Index names = 0;          ///< columns of the names at the left
  Index cell = 1;           ///< columns of a cell: 1 shows how dark it is, more show the count
};

HeatLayout heat_layout(const HeatMap& map, const Terminal& terminal);

/// One cell: its count, or where there is no room for it a tone.
std::string heat_cell(double value, double sum, Index columns, bool is_right, const Terminal& terminal);

}  // namespace detail

/// A confusion matrix for a terminal: counts, coloured where there are colours; where the terminal is too narrow for
/// them, tones, the darker the more of the row; where it is too narrow even for those, as many classes as it takes.
///
///   std::cout << terminal_plot(confusion_map(evaluation.confusion), Terminal::detect(stdout));
std::string terminal_plot(const HeatMap& map, const Terminal& terminal);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/terminal_heat_map.ipp"
#endif
