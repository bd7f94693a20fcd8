#pragma once

#include "../bf16.hpp"

#include "instruction_sets.ipp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#define LAMINA_TEXT "bf16.inc"
#include "../each_instruction_set.inc"

#include "../regions.inc"
namespace LAMINA_NAMESPACE::kernels {

LAMINA_FUNC const Bf16Products& emulated_bf16_products(const InstructionSet& instruction_set) {
  return table<Bf16Products>(instruction_set);
}

/// Returns the kernels on AMX tiles, or null: the processor and the operating system must know them, and Linux is asked to let this process
/// use them (arch_prctl ARCH_REQ_XCOMP_PERM for the tiles' state, XFEATURE 18).
LAMINA_FUNC const Bf16Products* amx_bf16_products() {
#if defined(LAMINA_HAS_AVX512) && defined(__x86_64__) && defined(__linux__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return nullptr;
  const bool has_tiles = (d >> 24 & 1) != 0, has_bf16 = (d >> 22 & 1) != 0;
  if (!has_tiles || !has_bf16 || instruction_sets<float>()[0] != &avx512::this_instruction_set) return nullptr;
  constexpr long ask_permission = 0x1023, tile_data = 18;
  return syscall(SYS_arch_prctl, ask_permission, tile_data) == 0 ? &avx512::amx_products : nullptr;
#else
  return nullptr;
#endif
}

LAMINA_FUNC const Bf16Products* bf16_products(std::string_view key) {
  if (key.empty()) return amx_bf16_products();
  if (key == "emulated") return &emulated_bf16_products(best<float>());
  if (key == "off") return nullptr;
  std::string error = "LAMINA_BF16: expects \"emulated\" or \"off\" but got \"";
  error += key;
  error += "\"; unset it to use the machine's AMX tiles";
  throw std::invalid_argument(error);
}

LAMINA_FUNC const Bf16Products* best_bf16_products() {
  static const Bf16Products* const chosen = [] {
    const char* const key = std::getenv("LAMINA_BF16");
    return bf16_products(key ? key : "");
  }();
  return chosen;
}

}  // namespace lamina::kernels
#include "../regions_end.inc"
