#pragma once

#include <cmath>

#include "elementwise.hpp"

namespace lamina {

/// The logistic function.
///
///   y = σ(x) = 1 / (1 + e⁻ˣ)      σ′(x) = e⁻ˣ / (1 + e⁻ˣ)² = σ(x)·(1 − σ(x)) = y·(1 − y)
///
/// For x < 0 it is written as eˣ / (1 + eˣ), the same number: the exponential never overflows.
struct Sigmoid : Elementwise<Sigmoid> {
  static constexpr std::string_view name = "Sigmoid";
  static constexpr bool gives_probabilities = true;

  template <typename T>
  T value(T x) const {
    const T e = std::exp(-std::abs(x));  // in (0, 1]
    return (x < 0 ? e : T(1)) / (1 + e);
  }
  template <typename T>
  T derivative(T /*x*/, T y) const {
    return y * (1 - y);
  }
};

static_assert(Layer<Sigmoid, Tensor<float, 4>> && Layer<Sigmoid, Tensor<double, 2>>);

}  // namespace lamina
