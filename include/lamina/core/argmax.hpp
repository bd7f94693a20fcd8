#pragma once

#include <cstdint>
#include <vector>

#include "tensor.hpp"

// The rule for the highest of several scores, shared by the losses, the metrics and the models.
namespace LAMINA_NAMESPACE::detail {

/// Returns whether class i with score a ranks before class j with score b: the higher score wins, and of equal scores the
/// lower class number. A NaN ranks after every number.
template <typename T>
constexpr bool ranks_before(T a, Index i, T b, Index j) {
  if (a > b) return true;
  if (b > a) return false;
  const bool a_is_nan = a != a, b_is_nan = b != b;
  return a_is_nan == b_is_nan ? i < j : b_is_nan;
}

/// Returns the class that ranks before all others in a row of K ≥ 1 scores.
template <typename T>
constexpr Index argmax(const T* scores, Index K) {
  Index best = 0;
  for (Index k = 1; k < K; ++k)
    if (ranks_before(scores[k], k, scores[best], best)) best = k;
  return best;
}

/// Writes the class of the highest score of each row of y (N, K) to classes.
template <typename T>
void argmax(const Tensor<T, 2>& y, std::vector<std::int32_t>& classes) {
  const auto [N, K] = shape(y);
  classes.resize(static_cast<std::size_t>(N));
  for (Index n = 0; n < N; ++n)
    classes[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(argmax(y.data() + n * K, K));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

/// Returns the class of the highest score of each row of scores (N, K). Of equal scores the first wins; a NaN loses to
/// every number.
template <typename T>
std::vector<std::int32_t> argmax(const Tensor<T, 2>& scores) {
  std::vector<std::int32_t> classes;
  detail::argmax(scores, classes);
  return classes;
}

}  // namespace lamina
