#pragma once

#include <lamina/data/dataset.hpp>

#include <cstdint>
#include <vector>

/// Rows (i), sample i of the class that these sizes give it.
inline lamina::Dataset<1> of_classes(const std::vector<lamina::Index>& sizes) {
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (std::size_t k = 0; k < sizes.size(); ++k)
    for (lamina::Index i = 0; i < sizes[k]; ++i) {
      x.push_back(static_cast<float>(x.size()));
      labels.push_back(static_cast<std::int32_t>(k));
    }
  return {x, lamina::Shape{1}, labels, {.classes = static_cast<lamina::Index>(sizes.size())}};
}
