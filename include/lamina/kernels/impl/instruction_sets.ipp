#pragma once

#include "../instruction_sets.hpp"

// Every standard header is included before the first region, because none may first appear inside one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#if (defined(__x86_64__) || defined(__i386__)) && defined(__clang__)
#include <immintrin.h>
#endif

#define LAMINA_TEXT "instruction_set.inc"
#include "../each_instruction_set.inc"

#include "../regions.inc"
namespace LAMINA_NAMESPACE::kernels {

template <typename T>
std::vector<const InstructionSet*> instruction_sets() {
  std::vector<const InstructionSet*> found;
#ifdef LAMINA_HAS_AVX512
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma")) {
    found.push_back(&avx512::this_instruction_set);
  }
#endif
#ifdef LAMINA_HAS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found.push_back(&avx2::this_instruction_set);
#endif
#ifdef LAMINA_HAS_BASELINE
  found.push_back(&baseline::this_instruction_set);
#endif
  return found;
}

template <typename T>
const InstructionSet& instruction_set(std::string_view key) {
  std::string choices;
  for (const InstructionSet* candidate : instruction_sets<T>()) {
    if (key.empty() || key == candidate->key) return *candidate;
    if (!choices.empty()) choices += ", ";
    choices += candidate->key;
  }
  if (choices.empty()) choices = "no instruction set: the program was compiled for a newer processor";
  std::string error = "LAMINA_ISA: expects one of those this machine can run (";
  error += choices;
  error += ") but got \"";
  error += key;
  error += "\"; unset it to get the fastest";
  throw std::invalid_argument(error);
}

template <typename T>
const InstructionSet& best() {
  static const InstructionSet& chosen = [&]() -> const InstructionSet& {
    const char* key = std::getenv("LAMINA_ISA");
    if (!key && std::getenv("LAMINA_EDITION")) throw std::invalid_argument("LAMINA_EDITION: is now LAMINA_ISA; set that one");
    return instruction_set<T>(key ? key : "");
  }();
  return chosen;
}

/// Returns the table of a family, such as Pools<float>, in one of instruction sets().
template <typename Family>
const Family& table([[maybe_unused]] const InstructionSet& instruction_set) {
#if defined(LAMINA_HAS_AVX512) && (defined(LAMINA_HAS_AVX2) || defined(LAMINA_HAS_BASELINE))
  if (&instruction_set == &avx512::this_instruction_set) return avx512::Table<Family>::table;
#endif
#if defined(LAMINA_HAS_AVX2) && defined(LAMINA_HAS_BASELINE)
  if (&instruction_set == &avx2::this_instruction_set) return avx2::Table<Family>::table;
#endif
#if defined(LAMINA_HAS_BASELINE)
  return baseline::Table<Family>::table;
#elif defined(LAMINA_HAS_AVX2)
  return avx2::Table<Family>::table;
#else
  return avx512::Table<Family>::table;
#endif
}

}  // namespace lamina::kernels
#include "../regions_end.inc"
