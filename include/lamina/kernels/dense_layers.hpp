#pragma once

/// @file
/// The kernels of dense layers. instruction_sets.hpp describes what all kernels guarantee.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The dense layers of one instruction set.
template <typename T>
struct DenseLayers {
  /// Computes y = x · wᵀ + b: x (N, F), w (U, F), b (U), y (N, U).
  void (*dense_forward)(Index N, Index F, Index U, const T* x, const T* w, const T* b, T* y);
  void (*dense_input_gradient)(Index N, Index F, Index U, const T* w, const T* dy, T* dx);
  /// Computes dw and db of `units` units from the first one on.
  void (*dense_weight_gradient)(Index N, Index F, Index U, Index first, Index units, const T* x, const T* dy, T* dw, T* db);
};

/// Returns the dense layers of one instruction set, or of the one that best() chooses.
template <typename T>
const DenseLayers<T>& dense_layers(const InstructionSet& instruction_set);
template <typename T>
const DenseLayers<T>& dense_layers();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/dense_layers.ipp"
#endif
