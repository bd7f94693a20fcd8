#pragma once

#include <span>
#include <string>
#include <vector>

#include "drawing.hpp"
#include "plot.hpp"

namespace LAMINA_NAMESPACE::detail {

Drawing draw(const BarChart& chart);

/// The position of a cell, its size and the font size of its number.
struct Cell {
  double x, y, size, font;
};

/// The numbers that a cell's colour is relative to: the row's sum on the diagonal, elsewhere the largest number off the
/// diagonal. The colour grows less than proportionally, so that a few mistakes are visible and differ from many.
struct CellScale {
  double sum, most_wrong;
};
void draw_cell(Drawing& out, const HeatMap& map, std::size_t i, std::size_t j, const Cell& cell, const CellScale& scale);

Drawing draw(const HeatMap& map);

/// Returns a picture as a data URL, for an <img> or an <image>.
std::string picture_address(const Tensor<std::uint8_t, 3>& pixels);

Drawing draw(const ImageGrid& grid);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/draw_tables.ipp"
#endif
