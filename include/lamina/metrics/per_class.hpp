#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../core/shape.hpp"

namespace lamina {

/// A metric of each class against all others, and its means. Where it is not defined for a class, the class has NaN and
/// the means leave it out; where it is defined for none, they are NaN.
struct PerClass {
  std::vector<double> classes;  ///< (K)
  double macro = 0;             ///< mean over the classes
  double weighted = 0;          ///< mean over the classes weighted by their samples
};

namespace detail {

/// With s[k] the samples of class k, over the classes where v[k] is defined:
///
///   macro = Σ_k v[k] / Σ_k 1        weighted = Σ_k s[k]·v[k] / Σ_k s[k], or macro where no class has a sample
inline PerClass averaged(std::vector<double> values, std::span<const Index> support) {
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

}  // namespace detail

}  // namespace lamina
