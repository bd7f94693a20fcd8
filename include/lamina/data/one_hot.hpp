#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "../core/tensor.hpp"
#include "targets.hpp"

namespace LAMINA_NAMESPACE {

/// Returns class numbers as target rows: y[n, k] = 1 if k is sample n's class, else 0. labels (N), y (N, classes). Throws
/// OptionError for less than one class, DataError for a label outside the classes.
template <std::floating_point T = float>
Tensor<T, 2> one_hot(std::span<const std::int32_t> labels, Index classes) {
  if (classes < 1) throw OptionError(str_cat("one_hot: expects at least 1 class but got ", classes));
  detail::check_labels("one_hot", labels, classes);
  Tensor<T, 2> y(static_cast<Index>(labels.size()), classes);
  y.setZero();
  for (Index n = 0; n < y.dimension(0); ++n) y(n, labels[static_cast<std::size_t>(n)]) = T{1};
  return y;
}

}  // namespace lamina
