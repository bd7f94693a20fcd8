#pragma once

/// The kernels of activations, number by number. editions.hpp says what all kernels promise.

#include "editions.hpp"
#include "window.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The activations of one edition.
template <typename T>
struct Activations {
  /// y = max(0, x); NaN stays NaN; the derivative at 0 is 0.
  void (*relu)(const T* x, T* y, Index n);
  void (*relu_backward)(const T* x, const T* dy, T* dx, Index n);
  /// y = x > 0 ? x : slope · x
  void (*leaky_relu)(T slope, const T* x, T* y, Index n);
  void (*leaky_relu_backward)(T slope, const T* x, const T* dy, T* dx, Index n);

  /// y = 1 / (1 + e⁻ˣ), its relative error a few roundings on either side of 0; NaN stays NaN. Results below the smallest
  /// normal number are 0.
  void (*sigmoid)(const T* x, T* y, Index n);
};

/// Returns the activations of one edition, or of the edition that best() chooses.
template <typename T>
const Activations<T>& activations(const Edition& edition);
template <typename T>
const Activations<T>& activations();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/activations.ipp"
#endif
