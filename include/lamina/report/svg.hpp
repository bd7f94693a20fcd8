#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "../core/write_file.hpp"
#include "draw_lines.hpp"
#include "draw_tables.hpp"

namespace LAMINA_NAMESPACE {

/// A plot that `to_svg` can draw: LinePlot, BarChart, HeatMap, ImageGrid.
template <typename P>
concept Plot = requires(const P& plot) {
  detail::draw(plot);
};

/// Returns a plot as an SVG document: it needs no other file, scales, and is light or dark as the reader's screen.
template <Plot P>
std::string to_svg(const P& plot) {
  return detail::draw(plot).alone();
}

/// Writes a plot to an SVG file, completely or not at all. Throws DataError if it cannot be written.
///
///   write_svg("loss.svg", loss_plot(history));
template <Plot P>
void write_svg(const std::filesystem::path& path, const P& plot) {
  const std::string text = to_svg(plot);
  write_file(path, std::as_bytes(std::span(text)));
}

}  // namespace lamina
