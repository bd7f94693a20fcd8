#pragma once

#include "../quick_random.hpp"

#include <cmath>
#include <numbers>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::uint64_t QuickRandom::bits() {
  std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

LAMINA_FUNC std::array<float, 2> QuickRandom::normals() {
  const std::uint64_t drawn = bits();
  const float u = (static_cast<float>(drawn >> 32) + 0.5F) * 0x1p-32F;  // (0, 1]
  const float angle =
      static_cast<float>(static_cast<std::uint32_t>(drawn)) * (2 * std::numbers::pi_v<float> * 0x1p-32F);
  const float radius = std::sqrt(-2 * std::log(u));
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace lamina::detail
