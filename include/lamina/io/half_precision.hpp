#pragma once

#include <bit>
#include <cstdint>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Converts IEEE 754's binary16 (F16) to float: 1 bit sign, 5 exponent, 10 fraction. The result is exact; a NaN stays one.
float from_half(std::uint16_t bits);

/// Converts a bfloat16 (BF16), the upper half of a float, to float.
inline float from_bfloat16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/half_precision.ipp"
#endif
