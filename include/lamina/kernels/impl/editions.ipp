#pragma once

#include "../editions.hpp"

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

#define LAMINA_TEXT "edition.inc"
#include "../each_edition.inc"

#include "../regions.inc"
namespace LAMINA_NAMESPACE::kernels {

template <typename T>
std::vector<const Edition*> editions() {
  std::vector<const Edition*> found;
#ifdef LAMINA_HAS_AVX512
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma")) {
    found.push_back(&avx512::this_edition);
  }
#endif
#ifdef LAMINA_HAS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found.push_back(&avx2::this_edition);
#endif
#ifdef LAMINA_HAS_BASELINE
  found.push_back(&baseline::this_edition);
#endif
  return found;
}

template <typename T>
const Edition& edition(std::string_view key) {
  std::string choices;
  for (const Edition* candidate : editions<T>()) {
    if (key.empty() || key == candidate->key) return *candidate;
    if (!choices.empty()) choices += ", ";
    choices += candidate->key;
  }
  if (choices.empty()) choices = "no edition: the program was compiled for a newer processor";
  std::string error = "LAMINA_EDITION: expects one of those this machine can run (";
  error += choices;
  error += ") but got \"";
  error += key;
  error += "\"; unset it to get the fastest";
  throw std::invalid_argument(error);
}

template <typename T>
const Edition& best() {
  static const Edition& chosen = [&]() -> const Edition& {
    const char* key = std::getenv("LAMINA_EDITION");
    return edition<T>(key ? key : "");
  }();
  return chosen;
}

/// Returns the table of a family, such as Pools<float>, in one of editions().
template <typename Family>
const Family& table([[maybe_unused]] const Edition& edition) {
#if defined(LAMINA_HAS_AVX512) && (defined(LAMINA_HAS_AVX2) || defined(LAMINA_HAS_BASELINE))
  if (&edition == &avx512::this_edition) return avx512::Table<Family>::table;
#endif
#if defined(LAMINA_HAS_AVX2) && defined(LAMINA_HAS_BASELINE)
  if (&edition == &avx2::this_edition) return avx2::Table<Family>::table;
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
