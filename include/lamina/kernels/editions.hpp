#pragma once

/// The fast loops, once for every instruction set, in one binary that needs no -march: the best edition this machine can
/// run is chosen when it is first asked for: best<T>(), or edition<T>(key), or all of them, editions<T>().
//
// An edition is the text of edition.inc inside a namespace and a target region; table.hpp says what it offers. Not every
// edition has to serve every scalar type: bfloat16 on AMX tiles would be one more region whose table exists for that type
// alone (with packed operands in its scratch, float accumulators and float master weights).

// Every standard header comes before the first region: none may be seen for the first time inside one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "table.hpp"

#if !defined(__GNUC__)
#error "lamina's kernels are written with the vector extensions of g++ and clang++"
#endif
#if (defined(__x86_64__) || defined(__i386__)) && defined(__clang__) && !defined(LAMINA_COMPILED_KERNELS)
#include <immintrin.h>
#endif

// A program may compile the text below once, in one source file (see compiled.hpp), instead of in each that needs it.
#ifdef LAMINA_COMPILED_KERNELS
#define LAMINA_KERNELS_DECLARED
#else

// g++ remarks on passing registers to functions (all of ours are inlined), on partly unrolled register arrays, and on
// arrays whose constant size is an int.
#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#pragma GCC diagnostic ignored "-Wignored-attributes"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif

#define LAMINA_INLINE inline __attribute__((always_inline))
#define LAMINA_INLINE_LAMBDA __attribute__((always_inline))
#ifdef __clang__
#define LAMINA_NOINLINE __attribute__((noinline))
#else
#define LAMINA_NOINLINE __attribute__((noinline, noclone))
#endif
#define LAMINA_UNROLL _Pragma("GCC unroll 64")

// A target region: what stands inside may use these instructions, whatever flags the file is compiled with.
#define LAMINA_PRAGMA(text) _Pragma(#text)
#ifdef __clang__
#define LAMINA_REGION(instructions) \
  LAMINA_PRAGMA(clang attribute push(__attribute__((target(instructions))), apply_to = function))
#define LAMINA_REGION_END LAMINA_PRAGMA(clang attribute pop)
#else
#define LAMINA_REGION(instructions) LAMINA_PRAGMA(GCC push_options) LAMINA_PRAGMA(GCC target(instructions))
#define LAMINA_REGION_END LAMINA_PRAGMA(GCC pop_options)
#endif

// An edition below what the compiler's own flags give would never be chosen: it is left out.
#if defined(__x86_64__) || defined(__i386__)
#define LAMINA_HAS_AVX512
#if !defined(__AVX512F__) || !defined(__AVX512VL__) || !defined(__AVX512BW__) || !defined(__AVX512DQ__)
#define LAMINA_HAS_AVX2
#if !defined(__AVX2__) || !defined(__FMA__)
#define LAMINA_HAS_BASELINE
#endif
#endif
#else
#define LAMINA_HAS_BASELINE
#endif

#ifdef LAMINA_HAS_AVX512
#define LAMINA_VECTOR_BYTES 64
#define LAMINA_EDITION_NAME "AVX-512"
#define LAMINA_EDITION_KEY "avx512"
LAMINA_REGION("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")
namespace lamina::kernels::avx512 {
#include "edition.inc"
}  // namespace lamina::kernels::avx512
LAMINA_REGION_END
#undef LAMINA_VECTOR_BYTES
#undef LAMINA_EDITION_NAME
#undef LAMINA_EDITION_KEY
#endif

#ifdef LAMINA_HAS_AVX2
#define LAMINA_VECTOR_BYTES 32
#define LAMINA_EDITION_NAME "AVX2"
#define LAMINA_EDITION_KEY "avx2"
LAMINA_REGION("avx2,fma")
namespace lamina::kernels::avx2 {
#include "edition.inc"
}  // namespace lamina::kernels::avx2
LAMINA_REGION_END
#undef LAMINA_VECTOR_BYTES
#undef LAMINA_EDITION_NAME
#undef LAMINA_EDITION_KEY
#endif

#ifdef LAMINA_HAS_BASELINE
#define LAMINA_VECTOR_BYTES 16
#define LAMINA_EDITION_NAME "baseline"
#define LAMINA_EDITION_KEY "baseline"
namespace lamina::kernels::baseline {
#include "edition.inc"
}  // namespace lamina::kernels::baseline
#undef LAMINA_VECTOR_BYTES
#undef LAMINA_EDITION_NAME
#undef LAMINA_EDITION_KEY
#endif

namespace lamina::kernels {

template <typename T>
std::vector<const Kernels<T>*> editions() {
  std::vector<const Kernels<T>*> found;
#ifdef LAMINA_HAS_AVX512
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma")) {
    found.push_back(&avx512::table<T>);
  }
#endif
#ifdef LAMINA_HAS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found.push_back(&avx2::table<T>);
#endif
#ifdef LAMINA_HAS_BASELINE
  found.push_back(&baseline::table<T>);
#endif
  return found;
}

template <typename T>
const Kernels<T>& edition(std::string_view key) {
  std::string choices;
  for (const Kernels<T>* candidate : editions<T>()) {
    if (key.empty() || key == candidate->key) return *candidate;
    choices += choices.empty() ? "" : ", ";
    choices += candidate->key;
  }
  if (choices.empty()) choices = "no edition: the program was compiled for a newer processor";
  throw std::invalid_argument("LAMINA_EDITION: expects one of those this machine can run (" + choices + ") but got \"" +
                              std::string(key) + "\"; unset it to get the fastest");
}

template <typename T>
const Kernels<T>& best() {
  static const Kernels<T>& chosen = [&]() -> const Kernels<T>& {
    const char* key = std::getenv("LAMINA_EDITION");
    return edition<T>(key ? key : "");
  }();
  return chosen;
}

}  // namespace lamina::kernels

#undef LAMINA_INLINE
#undef LAMINA_INLINE_LAMBDA
#undef LAMINA_NOINLINE
#undef LAMINA_UNROLL
#undef LAMINA_HAS_AVX512
#undef LAMINA_HAS_AVX2
#undef LAMINA_HAS_BASELINE
#undef LAMINA_PRAGMA
#undef LAMINA_REGION
#undef LAMINA_REGION_END
#pragma GCC diagnostic pop

#endif  // LAMINA_COMPILED_KERNELS
