#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/shape.hpp"
#include "../kernels/conversions.hpp"
#include "normalisation.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Computes y = scale · x + offset for n bytes.
template <typename T>
void convert(const std::uint8_t* x, T* y, Index n, T scale, T offset) {
  kernels::conversions<T>().from_bytes(x, y, n, scale, offset);
}

/// Computes y = scale · x + offset for n numbers; y may be x.
template <typename T, std::floating_point V>
void convert(const V* x, T* y, Index n, T scale, T offset) {
  for (Index i = 0; i < n; ++i) y[i] = scale * static_cast<T>(x[i]) + offset;
}

/// Does the same with a scale and an offset per channel, if there are several; n is a multiple of their number.
template <typename T, typename V>
void convert(const V* x, T* y, Index n, const Affine& affine) {
  const Index C = static_cast<Index>(affine.scale.size());
  if (C == 1) return convert(x, y, n, static_cast<T>(affine.scale[0]), static_cast<T>(affine.offset[0]));
  for (Index i = 0; i < n; i += C)
    for (Index c = 0; c < C; ++c) {
      const std::size_t channel = static_cast<std::size_t>(c);
      const T scale = static_cast<T>(affine.scale[channel]), offset = static_cast<T>(affine.offset[channel]);
      y[i + c] = scale * static_cast<T>(x[i + c]) + offset;
    }
}

}  // namespace lamina::detail
