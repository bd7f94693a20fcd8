#pragma once

/// The kernels of further activations, element by element. instruction_sets.hpp says what all kernels promise.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The activations that these kernels know. layers/activations.hpp has the derivations.
enum class Function : unsigned char {
  relu6,         ///< min(max(x, 0), 6)
  hard_sigmoid,  ///< min(max(x + 3, 0), 6) / 6
  hard_swish,    ///< x · hard_sigmoid(x)
  silu,          ///< x · σ(x)
  gelu,          ///< x · σ(2·√(2/π)·(x + 0.044715·x³)), the approximation
};

/// The functions of one instruction set.
template <typename T>
struct Functions {
  /// Computes y = f(x) for n elements. NaN stays NaN.
  void (*forward)(Function f, const T* x, T* y, Index n);
  /// Computes dx = dy · f′(x) for n elements.
  void (*backward)(Function f, const T* x, const T* dy, T* dx, Index n);
};

/// Returns the functions of one instruction set, or of the instruction set that best() chooses.
template <typename T>
const Functions<T>& functions(const InstructionSet& instruction_set);
template <typename T>
const Functions<T>& functions();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/functions.ipp"
#endif
