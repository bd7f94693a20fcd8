#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

// These structs hold the contents of plots as plain numbers. `to_svg`, `write_svg` (report/svg.hpp) and `terminal_plot`
// draw them.

/// A line through points; it is interrupted at numbers that are not finite.
struct Series {
  std::string name;
  std::vector<double> x{}, y{};  ///< equally many of each
};

/// An axis: its label, and its limits unless the values decide.
struct PlotAxis {
  std::string label{};
  std::optional<double> low{}, high{};
  bool whole = false;  ///< only whole numbers are marked
};

/// A plot of lines with common axes.
///
///   LinePlot{.title = "Loss", .x = {.label = "epoch"}, .series = {{"train", {1, 2, 3}, {2.1, 0.7, 0.4}}}}
struct LinePlot {
  std::string title{};
  PlotAxis x{}, y{};
  std::vector<Series> series{};
  std::vector<Series> guides{};  ///< faint lines that are not data, such as a diagonal
  bool square = false;           ///< as high as wide
  bool points = false;           ///< draws only the points, without lines
};

struct ChartBar {
  std::string name;
  double value = 0;  ///< at least 0; NaN has no bar
};

/// A chart of horizontal bars with their values beside them.
struct BarChart {
  std::string title{};
  std::vector<ChartBar> bars{};
  int digits = 0;      ///< of the values, after the decimal point
  std::string note{};  ///< below the bars
};

/// A table of counts; a cell is darker, the larger its share of the row's sum. The diagonal has another colour.
struct HeatMap {
  std::string title{};
  std::string row_label{}, column_label{};
  std::vector<std::string> names{};          ///< of the rows, and of the columns
  std::vector<std::vector<double>> cells{};  ///< as many rows and columns as names
  std::string note{};                        ///< below
};

/// A picture and its caption.
struct Picture {
  Tensor<std::uint8_t, 3> pixels;  ///< (H, W, C): C = 1 grey, 3 RGB
  std::string caption{};
  std::string detail{};  ///< a second, fainter line
};

/// A grid of pictures.
struct ImageGrid {
  std::string title{};
  std::vector<Picture> pictures{};
  Index columns = 6;
};

}  // namespace lamina
