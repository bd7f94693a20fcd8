#pragma once

#include "../kernels/activations.hpp"
#include "elementwise.hpp"

namespace LAMINA_NAMESPACE {

/// The logistic function.
///
///   y = σ(x) = 1 / (1 + e⁻ˣ)        x, y of any shape
///
/// With 1 − σ(x) = e⁻ˣ / (1 + e⁻ˣ), the derivative of the quotient is
///
///   σ′(x) = e⁻ˣ / (1 + e⁻ˣ)² = σ(x)·(1 − σ(x)) = y·(1 − y)        dx = dy·y·(1 − y)
///
/// For x < 0 it is computed as eˣ / (1 + eˣ), which is the same number: the exponential never overflows.
struct Sigmoid : Elementwise<Sigmoid> {
  static constexpr std::string_view name = "Sigmoid";
  static constexpr bool gives_probabilities = true;

  template <typename T>
  void map(const T* x, T* y, Index n) const {
    kernels::activations<T>().sigmoid(x, y, n);
  }
  template <typename T>
  T derivative(T /*x*/, T y) const {
    return y * (1 - y);
  }
};

}  // namespace lamina
