#pragma once

#include <algorithm>
#include <chrono>
#include <string_view>

#include "../../include/lamina/core/thread_pool.hpp"

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

/// How many floating-point operations a second a machine can do at most: sums in registers, no memory at all.
namespace peak {

using lamina::ThreadPool;
using lamina::Index;

/// Independent sums, enough to hide how long one multiply-add takes.
inline constexpr int sums = 12;
inline constexpr long rounds = 400'000;

// One function per instruction set, each with the widest registers it has; all do `rounds` times `sums` multiply-adds.
// They return something of every sum, so that none is left out. AVX-512 and AVX2 fuse the two operations.
#if defined(__x86_64__) || defined(__i386__)
__attribute__((target("avx512f"), noinline)) inline float avx512() {
  __m512 sum[sums], factor = _mm512_set1_ps(0.999F), term = _mm512_set1_ps(1e-3F);
#pragma GCC unroll 16
  for (int i = 0; i < sums; ++i) sum[i] = _mm512_set1_ps(static_cast<float>(i));
  for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < sums; ++i) sum[i] = _mm512_fmadd_ps(sum[i], factor, term);
  }
#pragma GCC unroll 16
  for (int i = 1; i < sums; ++i) sum[0] = _mm512_add_ps(sum[0], sum[i]);
  return _mm512_cvtss_f32(sum[0]);
}

__attribute__((target("avx2,fma"), noinline)) inline float avx2() {
  __m256 sum[sums], factor = _mm256_set1_ps(0.999F), term = _mm256_set1_ps(1e-3F);
#pragma GCC unroll 16
  for (int i = 0; i < sums; ++i) sum[i] = _mm256_set1_ps(static_cast<float>(i));
  for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < sums; ++i) sum[i] = _mm256_fmadd_ps(sum[i], factor, term);
  }
#pragma GCC unroll 16
  for (int i = 1; i < sums; ++i) sum[0] = _mm256_add_ps(sum[0], sum[i]);
  return _mm256_cvtss_f32(sum[0]);
}
#endif

/// Registers of 128 bits; a multiplication and an addition where there is no multiply-add.
__attribute__((noinline)) inline float baseline() {
  typedef float Four __attribute__((vector_size(16)));
  Four sum[sums];
#pragma GCC unroll 16
  for (int i = 0; i < sums; ++i) sum[i] = Four{} + static_cast<float>(i);
  for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < sums; ++i) sum[i] = sum[i] * 0.999F + 1e-3F;
  }
#pragma GCC unroll 16
  for (int i = 1; i < sums; ++i) sum[0] += sum[i];
  return sum[0][0];
}

/// Adds as many multiply-adds as an instruction set's registers hold to `total`; returns how many those were.
inline double multiply_adds(std::string_view instruction_set, float& total) {
  double width = 4;
#if defined(__x86_64__) || defined(__i386__)
  if (instruction_set == "avx512") {
    total += avx512();
    width = 16;
  } else if (instruction_set == "avx2") {
    total += avx2();
    width = 8;
  } else
#endif
    total += baseline();
  return width * sums * static_cast<double>(rounds);
}

/// Operations a second, a multiply-add being two, of that many threads together: the most of all tries in 0.4 seconds,
/// as it may take a while until each thread has a core of its own.
inline double measure(std::string_view instruction_set, Index threads) {
  using Clock = std::chrono::steady_clock;
  ThreadPool thread_pool(threads);
  volatile float sink = 0;
  double most = 0;
  const auto end = Clock::now() + std::chrono::milliseconds(400);
  for (auto start = Clock::now(); start < end; start = Clock::now()) {
    double work = 0;
    thread_pool.run([&](Index worker) {
      float total = 0;
      const double own = multiply_adds(instruction_set, total);
      if (worker == 0) {
        work = own;
        sink = total;
      }
    });
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    most = std::max(most, 2 * work * static_cast<double>(threads) / seconds);
  }
  return most;
}

}  // namespace peak
