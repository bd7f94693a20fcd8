#pragma once

/// @file
/// The kernels of activations. instruction_sets.hpp describes what all kernels guarantee.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The activations of one instruction set.
template <typename T>
struct Activations {
  /// Computes y = max(0, x); NaN stays NaN; the derivative at 0 is 0.
  void (*relu)(const T* x, T* y, Index n);
  void (*relu_backward)(const T* x, const T* dy, T* dx, Index n);
  /// Computes y = x > 0 ? x : slope · x.
  void (*leaky_relu)(T slope, const T* x, T* y, Index n);
  void (*leaky_relu_backward)(T slope, const T* x, const T* dy, T* dx, Index n);

  /// Computes y = 1 / (1 + e⁻ˣ) with a relative error of a few roundings on either side of 0; NaN stays NaN. Results
  /// below the smallest normal number are 0.
  void (*sigmoid)(const T* x, T* y, Index n);
};

/// Returns the activations of one instruction set, or of the one that best() chooses.
template <typename T>
const Activations<T>& activations(const InstructionSet& instruction_set);
template <typename T>
const Activations<T>& activations();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/activations.ipp"
#endif
