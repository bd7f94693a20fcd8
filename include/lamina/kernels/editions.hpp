#pragma once

// The fast loops, once for every instruction set, in one binary that needs no -march: the best edition this machine can
// run is chosen when it is first asked for.
//
// The border is one table of function pointers per scalar type. Pointers, extents and plain structs cross it, nothing
// else: no tensor, no layer, no register. An edition is the text of edition.inc inside a namespace and a target region.
// Not every edition has to serve every scalar type: bfloat16 on AMX tiles would be one more region whose table exists
// for that type alone (with packed operands in its scratch, float accumulators and float master weights).

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

#if !defined(__GNUC__)
#error "lamina's kernels are written with the vector extensions of g++ and clang++"
#endif
#if (defined(__x86_64__) || defined(__i386__)) && !defined(LAMINA_COMPILED_KERNELS)
#include <immintrin.h>
#endif

namespace lamina::kernels {

using Index = std::ptrdiff_t;

/// The extents of a convolution or a pool, x (N,H,W,C) → y (N,P,Q,K):
/// windows of R × S numbers, stride_h · stride_w apart, over x in a border of padding_h rows and padding_w columns.
/// P ≤ (H + 2·padding_h − R) / stride_h + 1 and likewise Q. A pool has K = C and a padding smaller than its window.
struct Window {
  Index N, H, W, C;
  Index K;
  Index R, S;
  Index stride_h, stride_w;
  Index padding_h, padding_w;
  Index P, Q;
  bool winograd = true;  ///< whether a convolution may be computed by Winograd's algorithm where that is faster
};

/// Stochastic gradient descent, see Kernels::sgd_step.
template <typename T>
struct SgdStep {
  T learning_rate, momentum, weight_decay;
  bool nesterov;
};

/// An integer as wide as T: the offset r·S + s inside its window of the number that won a max pool.
template <typename T>
using winner_t = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

/// One edition for one scalar type. Outputs are overwritten, never added to. Every sum has an order that depends on the
/// extents only. Scratch has the size asked for, counted in T, and is aligned to 64 bytes; nothing else need be aligned.
/// No output may overlap an input, except that the pointwise functions may write over what they read.
template <typename T>
struct Kernels {
  const char* name;  ///< for people: "AVX-512"
  const char* key;   ///< for LAMINA_EDITION: "avx512"

  /// y[n,p,q,k] = b[k] + Σ_r Σ_s Σ_c x[n, p·stride_h + r − padding_h, q·stride_w + s − padding_w, c] · w[r,s,c,k],
  /// x being 0 outside. w (R,S,C,K), b (K). dx may be null: it is not computed then.
  Index (*conv_scratch)(const Window&);
  void (*conv_forward)(const Window&, const T* x, const T* w, const T* b, T* y, T* scratch);
  void (*conv_backward)(const Window&, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db, T* scratch);

  /// y = relu(conv(x)). dy is y's.
  void (*conv_relu_forward)(const Window&, const T* x, const T* w, const T* b, T* y, T* scratch);
  void (*conv_relu_backward)(const Window&, const T* x, const T* w, const T* y, const T* dy, T* dx, T* dw, T* db,
                             T* scratch);

  /// y = maxpool(relu(conv(x))), the pool's windows 2 × 2, two apart, without padding: y (N,P/2,Q/2,K), rounded down. The
  /// window is the convolution's. The numbers are those of the three one after another, NaN and equal ones included.
  /// winner (N,P/2,Q/2,K) says where in its window each y was found, 0 … 3 row by row; 4 where relu let nothing through.
  /// It may be null in inference. dy is y's.
  void (*conv_relu_pool_forward)(const Window&, const T* x, const T* w, const T* b, T* y, unsigned char* winner,
                                 T* scratch);
  void (*conv_relu_pool_backward)(const Window&, const T* x, const T* w, const T* dy, const unsigned char* winner, T* dx,
                                  T* dw, T* db, T* scratch);

  /// y = x · wᵀ + b: x (N, F), w (U, F), b (U), y (N, U). dx may be null.
  Index (*dense_scratch)(Index N, Index F, Index U);
  void (*dense_forward)(Index N, Index F, Index U, const T* x, const T* w, const T* b, T* y, T* scratch);
  void (*dense_backward)(Index N, Index F, Index U, const T* x, const T* w, const T* dy, T* dx, T* dw, T* db,
                         T* scratch);

  /// The largest of each window, the first of equal ones; NaN if there is one, the first NaN then being the winner.
  /// winner (N,P,Q,C) may be null in inference.
  void (*max_pool_forward)(const Window&, const T* x, T* y, winner_t<T>* winner);
  void (*max_pool_backward)(const Window&, const T* dy, const winner_t<T>* winner, T* dx);
  /// The mean of the numbers of x in each window; padding is not among them.
  void (*average_pool_forward)(const Window&, const T* x, T* y);
  void (*average_pool_backward)(const Window&, const T* dy, T* dx);

  /// y = max(0, x); NaN stays NaN; the derivative at 0 is 0.
  void (*relu)(const T* x, T* y, Index n);
  void (*relu_backward)(const T* x, const T* dy, T* dx, Index n);
  /// y = x > 0 ? x : slope · x
  void (*leaky_relu)(T slope, const T* x, T* y, Index n);
  void (*leaky_relu_backward)(T slope, const T* x, const T* dy, T* dx, Index n);

  /// y = scale · x + offset
  void (*from_bytes)(const unsigned char* x, T* y, Index n, T scale, T offset);

  /// θ[begin … end) one step further, as PyTorch's SGD defines it:
  ///   g = Σ_shards gradient, in the order of the shards, + weight_decay · θ
  ///   v = momentum · v + g                 (velocity is null when there is no momentum: then θ −= learning_rate · g)
  ///   θ −= learning_rate · (nesterov ? g + momentum · v : v)
  /// At least one shard. Returns whether every new θ is finite.
  bool (*sgd_step)(const T* const* gradients, Index shards, T* theta, T* velocity, Index begin, Index end,
                   const SgdStep<T>& step);
};

/// Every edition in this program that this machine can run, the fastest first.
template <typename T>
std::vector<const Kernels<T>*> editions();

/// The edition of that key: "avx512", "avx2" or "baseline"; an empty one asks for the fastest.
/// Throws std::invalid_argument, naming the choices, when there is none of that key or this machine cannot run it.
template <typename T>
const Kernels<T>& edition(std::string_view key);

/// The fastest edition, or the one that the environment variable LAMINA_EDITION names; chosen once. Throws as edition().
template <typename T>
const Kernels<T>& best();

}  // namespace lamina::kernels

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

// An edition below what the compiler's own flags give would never be chosen: it is left out.
#if defined(__x86_64__) || defined(__i386__)
#define LAMINA_HAS_AVX512
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#define LAMINA_FLAGS_GIVE_AVX512
#else
#define LAMINA_HAS_AVX2
#if defined(__AVX2__) && defined(__FMA__)
#define LAMINA_FLAGS_GIVE_AVX2
#else
#define LAMINA_HAS_BASELINE
#endif
#endif
#else
#define LAMINA_HAS_BASELINE
#endif

#ifdef LAMINA_HAS_AVX512
#ifndef LAMINA_FLAGS_GIVE_AVX512
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")
#endif
#endif
#define LAMINA_VECTOR_BYTES 64
#define LAMINA_EDITION_NAME "AVX-512"
#define LAMINA_EDITION_KEY "avx512"
namespace lamina::kernels::avx512 {
#include "edition.inc"
}  // namespace lamina::kernels::avx512
#undef LAMINA_VECTOR_BYTES
#undef LAMINA_EDITION_NAME
#undef LAMINA_EDITION_KEY
#ifndef LAMINA_FLAGS_GIVE_AVX512
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
#endif

#ifdef LAMINA_HAS_AVX2
#ifndef LAMINA_FLAGS_GIVE_AVX2
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#endif
#define LAMINA_VECTOR_BYTES 32
#define LAMINA_EDITION_NAME "AVX2"
#define LAMINA_EDITION_KEY "avx2"
namespace lamina::kernels::avx2 {
#include "edition.inc"
}  // namespace lamina::kernels::avx2
#undef LAMINA_VECTOR_BYTES
#undef LAMINA_EDITION_NAME
#undef LAMINA_EDITION_KEY
#ifndef LAMINA_FLAGS_GIVE_AVX2
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
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
#undef LAMINA_FLAGS_GIVE_AVX512
#undef LAMINA_FLAGS_GIVE_AVX2
#pragma GCC diagnostic pop

#endif  // LAMINA_COMPILED_KERNELS
