#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/text.hpp"
#include "model.hpp"
#include "walk.hpp"

namespace lamina {

/// What a network is made of, layer by layer, and what it costs. Printed, a table:
///
///   layer     output shape   parameters  multiply-adds
///   0  Conv   (28, 28, 6)           156        117,600
///   1  ReLU   (28, 28, 6)             0              –
struct Summary {
  struct Row {
    std::string path;   // "3", nested "1.0"
    std::string layer;  // "Conv"
    std::string shape;  // of one sample's output: "(28, 28, 6)"
    Index parameters = 0;
    std::optional<Index> multiply_adds;  // of one sample; nothing where the layer does not say
  };

  std::vector<Row> rows;
  Index parameters = 0;
  Index bytes = 0;          // that the parameters take
  Index multiply_adds = 0;  // of one sample, of the layers that say

  /// Appends a row.
  void add(std::string path, std::string_view layer, std::string shape, Index count, std::optional<Index> cost) {
    rows.push_back({std::move(path), std::string(layer), std::move(shape), count, cost});
    parameters += count;
    multiply_adds += cost.value_or(0);
  }

  friend std::ostream& operator<<(std::ostream& out, const Summary& summary) { return out << summary.text(); }

 private:
  /// A size in memory as a person reads it: 984 bytes, 241 KB, 12.3 MB, of 1024 each.
  static std::string format_bytes(Index bytes) {
    const double size = static_cast<double>(bytes);
    if (bytes < 1024) return format_count(bytes) + " bytes";
    if (size < 1023.5 * 1024) return format_fixed(size / 1024, 0) + " KB";
    return format_fixed(size / (1024 * 1024), 1) + " MB";
  }

  std::string text() const {
    Index path_width = 0;
    for (const Row& row : rows) path_width = std::max(path_width, display_width(row.path));
    std::vector<std::string> cells{"layer", "output shape", "parameters", "multiply-adds"};  // row by row
    for (const Row& row : rows) {
      cells.push_back(align_left(row.path, path_width > 0 ? path_width + 2 : 0) + row.layer);
      cells.push_back(row.shape);
      cells.push_back(format_count(row.parameters));
      cells.push_back(row.multiply_adds ? format_count(*row.multiply_adds) : "–");
    }
    std::array<Index, 4> widths{};
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i % 4] = std::max(widths[i % 4], display_width(cells[i]));
    std::string table;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      table += i % 4 < 2 ? align_left(cells[i], widths[i % 4]) : align_right(cells[i], widths[i % 4]);
      table += i % 4 < 3 ? "  " : "\n";
    }
    return message(table, format_count(parameters), " parameters (", format_bytes(bytes), "), ",
                   format_count(multiply_adds), " multiply-adds per sample\n");
  }
};

/// The summary of a model: every layer, in order, those of nested Sequentials in their places.
///
///   std::cout << summary(model);
template <typename L, AnyTensor X>
Summary summary(const Model<L, X>& model) {
  Summary all;
  walk(model.layer(), model.input_shape(1), model.parameters(),
       [&](const std::string& path, const auto& layer, const auto& in, const auto& p) {
         std::optional<Index> multiply_adds;
         if constexpr (requires { layer.multiply_adds(in); }) multiply_adds = layer.multiply_adds(in);
         all.add(path, layer.name, message(sample_shape(layer.output_shape(in))), parameter_count(p), multiply_adds);
         visit_parameters([&](const auto& x) { all.bytes += x.size() * static_cast<Index>(sizeof(*x.data())); }, p);
       });
  return all;
}

}  // namespace lamina
