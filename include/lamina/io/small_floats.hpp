#pragma once

#include <bit>
#include <cstdint>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE {

/// The float that IEEE 754's binary16 (F16) stands for: 1 bit sign, 5 exponent, 10 fraction. Exact; a NaN stays one.
float from_half(std::uint16_t bits);

/// The float that a bfloat16 (BF16) stands for: a float's upper half.
inline float from_bfloat16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/small_floats.ipp"
#endif
