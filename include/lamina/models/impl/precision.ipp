#pragma once

#include "../precision.hpp"

#include <atomic>
#include <cstdio>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC const kernels::Bf16Products* find_bf16(const char* who, bool is_float) {
  if (!is_float)
    throw OptionError(str_cat(who, ": expects a model of float for Precision::bf16 but its numbers are double; use Precision::float32, "
                                   "which computes in the model's numbers"));
  if (!kernels::find_bf16_products)
    throw OptionError(str_cat(who, ": Precision::bf16 needs kernels that this program does not have; add #include <lamina/bf16.hpp>"));
  const kernels::Bf16Products* const found = kernels::find_bf16_products();
  static std::atomic<bool> said{false};
  if (!found && !said.exchange(true))
    std::fputs("lamina: Precision::bf16 computes in float32 here, because this machine has no AMX tiles for bfloat16\n", stderr);
  return found;
}

}  // namespace lamina::detail
