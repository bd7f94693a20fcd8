#pragma once

#include <type_traits>

#include "../kernels/bf16_products.hpp"
#include "../layers/layer.hpp"

namespace LAMINA_NAMESPACE {

/// The numbers that convolutions and dense layers multiply.
///
/// `bf16` rounds their inputs, weights and gradients to bfloat16 (8 bits of exponent, 8 of precision) and adds up in float, on the AMX
/// tiles of Intel's processors since 2023. Parameters, gradients and what passes between layers stay float. It takes
/// `#include <lamina/bf16.hpp>`. Convolutions in groups or with dilation, transposed ones, and layers with fewer than 16 channels or
/// filters stay float32. On a machine without these tiles all is computed in float32, and a line on standard error says so once.
enum class Precision { float32, bf16 };

namespace detail {

/// The way in which products are computed: what a user chose, and what this machine has.
struct Arithmetic {
  bool winograd = true;
  const kernels::Bf16Products* bf16 = nullptr;

  bool operator==(const Arithmetic&) const = default;
  void apply_to(Context& context) const {
    context.winograd = winograd;
    context.bf16 = bf16;
  }
};

/// Returns the kernels for a precision, or null for float32. Throws OptionError in the name of `who` for bf16 in a model of double, and
/// in a program without lamina/bf16.hpp.
[[gnu::cold]] const kernels::Bf16Products* find_bf16(const char* who, bool is_float);

template <typename T>
Arithmetic arithmetic(const char* who, bool winograd, Precision precision) {
  return {winograd, precision == Precision::bf16 ? find_bf16(who, std::is_same_v<T, float>) : nullptr};
}

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/precision.ipp"
#endif
