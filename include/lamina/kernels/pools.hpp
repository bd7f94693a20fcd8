#pragma once

/// The kernels of pools. editions.hpp says what all kernels promise.

#include "editions.hpp"
#include "window.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The pools of one edition.
template <typename T>
struct Pools {
  /// The largest of each window, the first of equal ones; NaN if there is one, the first NaN then being the winner.
  /// winner (N,P,Q,C) may be null in inference.
  void (*max_pool_forward)(const Window&, const T* x, T* y, winner_t<T>* winner);
  void (*max_pool_backward)(const Window&, const T* dy, const winner_t<T>* winner, T* dx);
  /// The mean of the numbers of x in each window; padding is not among them.
  void (*average_pool_forward)(const Window&, const T* x, T* y);
  void (*average_pool_backward)(const Window&, const T* dy, T* dx);
};

/// Returns the pools of one edition, or of the edition that best() chooses.
template <typename T>
const Pools<T>& pools(const Edition& edition);
template <typename T>
const Pools<T>& pools();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/pools.ipp"
#endif
