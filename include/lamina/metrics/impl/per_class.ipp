#pragma once

#include "../per_class.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC PerClass averaged(std::vector<double> values, std::span<const Index> support) {
  double defined = 0, sum = 0, weights = 0, weighted_sum = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (std::isnan(values[k])) continue;
    const double weight = static_cast<double>(support[k]);
    defined += 1;
    sum += values[k];
    weights += weight;
    weighted_sum += weight * values[k];
  }
  const double macro = defined > 0 ? sum / defined : std::numeric_limits<double>::quiet_NaN();
  return {std::move(values), macro, weights > 0 ? weighted_sum / weights : macro};
}

}  // namespace lamina::detail
