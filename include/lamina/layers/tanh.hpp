#pragma once

#include <cmath>

#include "elementwise.hpp"

namespace LAMINA_NAMESPACE {

/// The hyperbolic tangent.
///
///   y = tanh(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)        x, y of any shape
///
/// With u = eˣ − e⁻ˣ and v = eˣ + e⁻ˣ, each the derivative of the other,
///
///   tanh′(x) = (u′·v − u·v′) / v² = (v² − u²) / v² = 1 − y²        dx = dy·(1 − y²)
struct Tanh : Elementwise<Tanh> {
  static constexpr std::string_view name = "Tanh";

  template <typename T>
  T value(T x) const {
    return std::tanh(x);
  }
  template <typename T>
  T derivative(T /*x*/, T y) const {
    return 1 - y * y;
  }
};

}  // namespace lamina
