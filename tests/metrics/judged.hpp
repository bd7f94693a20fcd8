#pragma once

// What the tests of metrics share.

#include <lamina/core/tensor.hpp>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"

namespace judged {

using namespace lamina;
using Classes = std::vector<std::int32_t>;

inline constexpr double NaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// A tensor (N, K) written row by row.
template <typename T = double>
Tensor<T, 2> rows(std::initializer_list<std::initializer_list<double>> values) {
  Tensor<T, 2> table(static_cast<Index>(values.size()), static_cast<Index>(values.begin()->size()));
  Index n = 0;
  for (const auto& row : values) {
    Index k = 0;
    for (const double value : row) table(n, k++) = static_cast<T>(value);
    ++n;
  }
  return table;
}

}  // namespace judged
