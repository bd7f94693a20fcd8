#pragma once

/// @file
/// The kernels of pools. instruction_sets.hpp describes what all kernels guarantee.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The pools of one instruction set.
template <typename T>
struct Pools {
  /// Finds the largest number of each window, the first of equal ones. If the window has a NaN, the first NaN wins.
  /// winner (N,P,Q,C) may be null in inference.
  void (*max_pool_forward)(const ConvShape&, const T* x, T* y, winner_t<T>* winner);
  void (*max_pool_backward)(const ConvShape&, const T* dy, const winner_t<T>* winner, T* dx);
  /// Computes the mean of the numbers of x in each window; padding is not counted.
  void (*average_pool_forward)(const ConvShape&, const T* x, T* y);
  void (*average_pool_backward)(const ConvShape&, const T* dy, T* dx);
};

/// Returns the pools of one instruction set, or of the one that best() chooses.
template <typename T>
const Pools<T>& pools(const InstructionSet& instruction_set);
template <typename T>
const Pools<T>& pools();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/pools.ipp"
#endif
