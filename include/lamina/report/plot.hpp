#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

// What a plot shows, as plain numbers. `to_svg`, `write_svg` (report/svg.hpp) and `terminal_plot` draw it.

/// A line through points; it is broken where a number is not finite.
struct Series {
  std::string name;
  std::vector<double> x{}, y{};  ///< as many of each
};

/// An axis: what it is, and from where to where it goes unless the values decide.
struct Axis {
  std::string label{};
  std::optional<double> low{}, high{};
  bool whole = false;  ///< only whole numbers are marked
};

/// Lines over a common axis.
///
///   LinePlot{.title = "Loss", .x = {.label = "epoch"}, .series = {{"train", {1, 2, 3}, {2.1, 0.7, 0.4}}}}
struct LinePlot {
  std::string title{};
  Axis x{}, y{};
  std::vector<Series> series{};
  std::vector<Series> guides{};  ///< faint lines that are no data, such as a diagonal
  bool square = false;           ///< as high as wide
  bool points = false;           ///< the points alone, without lines between them
};

struct Bar {
  std::string name;
  double value = 0;  ///< at least 0; what is not a number has no bar
};

/// Horizontal bars, their values beside them.
struct BarChart {
  std::string title{};
  std::vector<Bar> bars{};
  int digits = 0;      ///< of the values, behind the point
  std::string note{};  ///< below the bars
};

/// Counts in rows and columns, the darker the more of the row's sum; those in the diagonal in another colour.
struct HeatMap {
  std::string title{};
  std::string row_label{}, column_label{};
  std::vector<std::string> names{};          ///< of the rows, and of the columns
  std::vector<std::vector<double>> cells{};  ///< as many rows and columns as names
  std::string note{};                        ///< below
};

/// A picture and what is said of it.
struct Picture {
  Tensor<std::uint8_t, 3> pixels;  ///< (H, W, C): C = 1 grey, 3 RGB
  std::string caption{};
  std::string detail{};  ///< a second, fainter line
};

/// Pictures in rows.
struct ImageGrid {
  std::string title{};
  std::vector<Picture> pictures{};
  Index columns = 6;
};

}  // namespace lamina
