#pragma once

#include "shape.hpp"

// Which of several scores is the highest: one rule for the losses, the metrics and the models.
namespace LAMINA_NAMESPACE::detail {

/// Whether class i, of score a, goes before class j, of score b: the higher score, among equals the lower class number;
/// a NaN goes after every number.
template <typename T>
constexpr bool ranks_before(T a, Index i, T b, Index j) {
  if (a > b) return true;
  if (b > a) return false;
  const bool a_is_nan = a != a, b_is_nan = b != b;
  return a_is_nan == b_is_nan ? i < j : b_is_nan;
}

/// The class that ranks before all others in a row of K ≥ 1 scores.
template <typename T>
constexpr Index first_class(const T* scores, Index K) {
  Index best = 0;
  for (Index k = 1; k < K; ++k)
    if (ranks_before(scores[k], k, scores[best], best)) best = k;
  return best;
}

}  // namespace lamina::detail
