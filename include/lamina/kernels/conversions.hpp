#pragma once

/// @file
/// The kernel that converts bytes to numbers. instruction_sets.hpp describes what all kernels guarantee.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The conversions of one instruction set.
template <typename T>
struct Conversions {
  /// Computes y = scale · x + offset.
  void (*from_bytes)(const unsigned char* x, T* y, Index n, T scale, T offset);
};

/// Returns the conversions of one instruction set, or of the one that best() chooses.
template <typename T>
const Conversions<T>& conversions(const InstructionSet& instruction_set);
template <typename T>
const Conversions<T>& conversions();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/conversions.ipp"
#endif
