#pragma once

#include "../half_precision.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC float from_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = (bits >> 10) & 31u, fraction = bits & 0x3FFu;
  if (exponent == 0) {  // zero and numbers below 2⁻¹⁴
    const float size = static_cast<float>(fraction) * 0x1p-24F;
    return sign ? -size : size;
  }
  const std::uint32_t wide = exponent == 31 ? 255u : exponent + 127u - 15u;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

}  // namespace lamina::detail
