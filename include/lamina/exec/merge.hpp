#pragma once

#include <cstddef>
#include <span>

#include "../layers/merges.hpp"
#include "any_tensor.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Merges values into y, see Merge. Throws ShapeError if their extents do not match.
template <typename T>
void merge_forward(Merge merge, std::span<const TensorRef<T>> values, TensorSlot<T> y);

/// Computes ∂⟨y, dy⟩/∂values[i], and writes it to dx or, with `adds`, adds it to dx.
template <typename T>
void merge_backward(Merge merge, std::span<const TensorRef<T>> values, std::size_t i, TensorRef<T> dy, TensorSlot<T> dx,
                    bool adds);

/// Writes dy to dx or, with `adds`, adds it to dx.
template <typename T>
void pass_on(TensorRef<T> dy, TensorSlot<T> dx, bool adds);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/merge.ipp"
#endif
