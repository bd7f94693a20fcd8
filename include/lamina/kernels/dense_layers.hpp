#pragma once

/// The kernels of dense layers. editions.hpp says what all kernels promise.

#include "editions.hpp"
#include "window.hpp"

namespace lamina::kernels {

/// One edition's dense layers.
template <typename T>
struct DenseLayers {
  /// y = x · wᵀ + b: x (N, F), w (U, F), b (U), y (N, U). dx may be null.
  Index (*dense_scratch)(Index N, Index F, Index U);
  void (*dense_forward)(Index N, Index F, Index U, const T* x, const T* w, const T* b, T* y, T* scratch);
  void (*dense_backward)(Index N, Index F, Index U, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db,
                         T* scratch);
};

/// Returns the dense layers of one edition, or of the edition that best() chooses.
template <typename T>
const DenseLayers<T>& dense_layers(const Edition& edition);
template <typename T>
const DenseLayers<T>& dense_layers();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED_KERNELS

#include "tile.hpp"

#define LAMINA_TEXT "dense.inc"
#include "each_edition.inc"

namespace lamina::kernels {

template <typename T>
const DenseLayers<T>& dense_layers(const Edition& edition) {
  return table<DenseLayers<T>>(edition);
}

template <typename T>
const DenseLayers<T>& dense_layers() {
  static const DenseLayers<T>& chosen = dense_layers<T>(best<T>());
  return chosen;
}

}  // namespace lamina::kernels

#endif  // LAMINA_COMPILED_KERNELS
