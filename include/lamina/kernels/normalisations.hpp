#pragma once

/// @file
/// The kernels of normalisation by channel. instruction_sets.hpp describes what all kernels guarantee. x, y and their gradients
/// are (n, C); everything else is (C).

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The normalisations of one instruction set.
template <typename T>
struct Normalisations {
  /// Computes sum[c] = Σₙ (x[n,c] − shift[c]) and squares[c] = Σₙ (x[n,c] − shift[c])².
  void (*moments)(const T* x, Index n, Index C, const T* shift, T* sum, T* squares);
  /// Computes sum[c] = Σₙ dy[n,c] and products[c] = Σₙ dy[n,c]·(x[n,c] − mean[c]).
  void (*gradient_sums)(const T* x, const T* dy, Index n, Index C, const T* mean, T* sum, T* products);
  /// Computes y[n,c] = scale[c]·(x[n,c] − mean[c]) + offset[c].
  void (*scale)(const T* x, Index n, Index C, const T* mean, const T* scale, const T* offset, T* y);
  /// Computes dx[n,c] = scale[c]·dy[n,c] + slope[c]·(x[n,c] − mean[c]) + offset[c].
  void (*scale_backward)(const T* x, const T* dy, Index n, Index C, const T* mean, const T* scale, const T* slope,
                         const T* offset, T* dx);
};

/// Returns the normalisations of one instruction set, or of the one that best() chooses.
template <typename T>
const Normalisations<T>& normalisations(const InstructionSet& instruction_set);
template <typename T>
const Normalisations<T>& normalisations();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/normalisations.ipp"
#endif
