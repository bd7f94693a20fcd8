#pragma once

#include "../self_test.hpp"

#include <cmath>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void compare_outputs(const std::vector<double>& stored, const std::vector<double>& made) {
  if (stored.size() != made.size())
    throw DataError(
        message("its self-test has ", stored.size(), " outputs but the model that it describes gives ", made.size()));
  double largest = 1;
  for (const double y : stored)
    if (std::isfinite(y)) largest = std::max(largest, std::abs(y));
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const double a = stored[i], b = made[i];
    if (a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= self_test_tolerance * largest) continue;
    throw DataError(message("fails its self-test: output ", i, " is ", b, " where ", a,
                            " was stored; the file was changed after it was saved, or is read wrongly"));
  }
}

}  // namespace lamina::detail
