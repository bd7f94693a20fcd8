#pragma once

/// The fast loops, once for every instruction set, in one binary that needs no -march: the best edition this machine can
/// run is chosen when it is first asked for.
///
/// The loops come in families (convolutions.hpp, dense_layers.hpp, pools.hpp, activations.hpp, conversions.hpp,
/// updates.hpp): a header declares a struct of function pointers and includes the text of its own family, so that a
/// program compiles only the families that it uses. Pointers, extents and plain structs cross the border, nothing else: no
/// tensor, no layer, no register. For all families: outputs are overwritten, never added to. Every sum has an order that
/// depends on the extents only. Scratch has the size asked for, counted in T, and is aligned to 64 bytes; nothing else need
/// be aligned. No output may overlap an input, except that the pointwise functions may write over what they read.
//
// An edition is a namespace whose text, read by each_edition.inc, is compiled for one instruction set. Not every edition
// has to serve every scalar type: bfloat16 on AMX tiles would be one more region whose tables exist for that type alone
// (with packed operands in its scratch, float accumulators and float master weights).

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

#include "window.hpp"

#if !defined(__GNUC__)
#error "lamina's kernels are written with the vector extensions of g++ and clang++"
#endif
#if (defined(__x86_64__) || defined(__i386__)) && defined(__clang__) && !defined(LAMINA_COMPILED_KERNELS)
#include <immintrin.h>
#endif

namespace lamina::kernels {

/// An instruction set for which this program has the kernels.
struct Edition {
  const char* name;  ///< for people: "AVX-512"
  const char* key;   ///< for LAMINA_EDITION: "avx512"
};

/// Returns every edition in this program that this machine can run, the fastest first.
template <typename T>
std::vector<const Edition*> editions();

/// Returns the edition of that key: "avx512", "avx2" or "baseline"; an empty one asks for the fastest.
/// Throws std::invalid_argument, naming the choices, when there is none of that key or this machine cannot run it.
template <typename T>
const Edition& edition(std::string_view key);

/// Returns the fastest edition, or the one that the environment variable LAMINA_EDITION names; chosen once. Throws as
/// edition().
template <typename T>
const Edition& best();

}  // namespace lamina::kernels

// A program may compile the kernels' text once, in one source file (see compiled.hpp), instead of in each that needs it.
#ifdef LAMINA_COMPILED_KERNELS
#define LAMINA_KERNELS_DECLARED
#else

#define LAMINA_TEXT "edition.inc"
#include "each_edition.inc"

#include "regions.inc"
namespace lamina::kernels {

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

/// Returns what an edition, one of editions(), has of a family such as Pools<float>.
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
#include "regions_end.inc"

#endif  // LAMINA_COMPILED_KERNELS
