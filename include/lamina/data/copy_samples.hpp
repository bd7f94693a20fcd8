#pragma once

#include <algorithm>
#include <span>

#include "../core/error.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Copies contiguous values, sample after sample, to a tensor (N, sample…). Throws ShapeError unless they are a whole number
/// of samples.
template <typename V, int Rank>
Tensor<V, Rank + 1> copy_samples(std::span<const V> values, const Shape<Rank>& sample) {
  const Index n = sample.size(), size = static_cast<Index>(values.size());
  if (n < 1) throw ShapeError(str_cat("Dataset: expects samples of extents of at least 1 but got ", sample));
  if (size % n != 0)
    throw ShapeError(str_cat("Dataset: expects samples of ", sample, ", ", n, " values each, but got ", size,
                             " values, which is no multiple of that"));
  Tensor<V, Rank + 1> samples;
  reshape(samples, batch_shape(size / n, sample));
  std::copy(values.begin(), values.end(), samples.data());
  return samples;
}

}  // namespace lamina::detail
