#pragma once

#include <cstddef>
#include <span>

#include "../core/thread_pool.hpp"
#include "../layers/merges.hpp"
#include "any_tensor.hpp"

namespace LAMINA_NAMESPACE::detail {

// The threads of a pool, which may be null, share the additions.

/// Merges values into y, see Merge. Throws ShapeError if their extents do not match.
template <typename T>
void merge_forward(Merge merge, std::span<const TensorRef<T>> values, TensorSlot<T> y, ThreadPool* thread_pool = nullptr);

/// Computes ∂⟨y, dy⟩/∂values[i], and writes it to dx or, with `adds`, adds it to dx.
template <typename T>
void merge_backward(Merge merge, std::span<const TensorRef<T>> values, std::size_t i, TensorRef<T> dy, TensorSlot<T> dx,
                    bool adds, ThreadPool* thread_pool = nullptr);

/// Writes dy to dx or, with `adds`, adds it to dx.
template <typename T>
void pass_on(TensorRef<T> dy, TensorSlot<T> dx, bool adds, ThreadPool* thread_pool = nullptr);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/merge.ipp"
#endif
