#pragma once

#include "../summary.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void Summary::add(std::string path, std::string_view layer, std::string shape, Index count,
                              std::optional<Index> cost) {
  rows.push_back({std::move(path), std::string(layer), std::move(shape), count, cost});
  parameters += count;
  multiply_adds += cost.value_or(0);
}

LAMINA_FUNC std::string Summary::format_bytes(Index bytes) {
  const double size = static_cast<double>(bytes);
  if (bytes < 1024) return format_count(bytes) + " bytes";
  if (size < 1023.5 * 1024) return format_fixed(size / 1024, 0) + " KB";
  return format_fixed(size / (1024 * 1024), 1) + " MB";
}

LAMINA_FUNC std::string Summary::text() const {
  Index path_width = 0;
  for (const Row& row : rows) path_width = (std::max)(path_width, display_width(row.path));
  std::vector<std::string> cells{"layer", "output shape", "parameters", "multiply-adds"};  // row by row
  for (const Row& row : rows) {
    cells.push_back(align_left(row.path, path_width > 0 ? path_width + 2 : 0) + row.layer);
    cells.push_back(row.shape);
    cells.push_back(format_count(row.parameters));
    cells.push_back(row.multiply_adds ? format_count(*row.multiply_adds) : "–");
  }
  std::array<Index, 4> widths{};
  for (std::size_t i = 0; i < cells.size(); ++i) widths[i % 4] = (std::max)(widths[i % 4], display_width(cells[i]));
  std::string table;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    table += i % 4 < 2 ? align_left(cells[i], widths[i % 4]) : align_right(cells[i], widths[i % 4]);
    table += i % 4 < 3 ? "  " : "\n";
  }
  const std::string more = measured > 0 ? str_cat(" with ", format_count(measured), " measured numbers") : "";
  return str_cat(table, format_count(parameters), " parameters (", format_bytes(bytes), more, "), ",
                 format_count(multiply_adds), " multiply-adds per sample\n");
}

}  // namespace lamina
