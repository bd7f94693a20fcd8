#pragma once

// What the kernels' tests share: buffers that notice a number written beside them, random numbers, and how far a sum may
// be from the truth.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "../../include/lamina/kernels/activations.hpp"
#include "../../include/lamina/kernels/conversions.hpp"
#include "../../include/lamina/kernels/convolutions.hpp"
#include "../../include/lamina/kernels/dense_layers.hpp"
#include "../../include/lamina/kernels/instruction_sets.hpp"
#include "../../include/lamina/kernels/pools.hpp"
#include "../../include/lamina/kernels/updates.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define LAMINA_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LAMINA_TEST_SANITIZED
#endif
#endif

namespace reference {

using lamina::kernels::Index;
using lamina::kernels::ConvShape;
using lamina::kernels::winner_t;

/// All that one instruction set has.
template <typename T>
struct Kernels : lamina::kernels::InstructionSet,
                 lamina::kernels::Convolutions<T>,
                 lamina::kernels::DenseLayers<T>,
                 lamina::kernels::Pools<T>,
                 lamina::kernels::Activations<T>,
                 lamina::kernels::Conversions<T>,
                 lamina::kernels::Updates<T> {};

/// The kernels of every instruction set that this machine can run, the fastest first.
template <typename T>
std::vector<const Kernels<T>*> instruction_sets() {
  namespace kernels = lamina::kernels;
  static const auto all = [] {
    std::vector<Kernels<T>> found;
    for (const kernels::InstructionSet* instruction_set : kernels::instruction_sets<T>()) {
      found.push_back({*instruction_set, kernels::convolutions<T>(*instruction_set), kernels::dense_layers<T>(*instruction_set),
                       kernels::pools<T>(*instruction_set), kernels::activations<T>(*instruction_set), kernels::conversions<T>(*instruction_set),
                       kernels::updates<T>(*instruction_set)});
    }
    return found;
  }();
  std::vector<const Kernels<T>*> pointers;
  for (const Kernels<T>& instruction_set : all) pointers.push_back(&instruction_set);
  return pointers;
}

/// n numbers of the heap, NaN (or the least integer) at first, between guards that intact() compares. Under the address
/// sanitizer there are no guards: the buffer is exactly as large as asked for, and the sanitizer watches its ends.
template <typename T>
class Buffer {
 public:
  explicit Buffer(Index n) : n_(n), numbers_(static_cast<std::size_t>(n + 2 * guards), guard) {
    const T poison = std::numeric_limits<T>::has_quiet_NaN ? std::numeric_limits<T>::quiet_NaN()
                                                           : std::numeric_limits<T>::lowest();
    for (Index i = 0; i < n; ++i) data()[i] = poison;
  }
  T* data() { return numbers_.data() + guards; }
  const T* data() const { return numbers_.data() + guards; }
  Index size() const { return n_; }
  T& operator[](Index i) { return data()[i]; }
  const T& operator[](Index i) const { return data()[i]; }
  bool intact() const {
    for (Index i = 0; i < guards; ++i) {
      if (!(data()[-1 - i] == guard && data()[n_ + i] == guard)) return false;
    }
    return true;
  }

 private:
#ifdef LAMINA_TEST_SANITIZED
  static constexpr Index guards = 0;
#else
  static constexpr Index guards = 33;  // odd, so that nothing is aligned by chance
#endif
  static constexpr T guard = 77;
  Index n_;
  std::vector<T> numbers_;
};

/// Scratch as the kernels are promised it: aligned to 64 bytes; guarded behind.
template <typename T>
class Scratch {
 public:
  explicit Scratch(Index n) : n_(n), numbers_(static_cast<std::size_t>(n) + 2 * line, T(77)) {
    const auto address = reinterpret_cast<std::uintptr_t>(numbers_.data());
    first_ = numbers_.data() + (64 - address % 64) % 64 / sizeof(T);
    for (Index i = 0; i < n; ++i) first_[i] = std::numeric_limits<T>::quiet_NaN();
  }
  T* data() { return first_; }
  bool intact() const {
    for (Index i = n_; i < n_ + static_cast<Index>(line); ++i) {
      if (!(first_[i] == T(77))) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t line = 64 / sizeof(T);
  Index n_;
  std::vector<T> numbers_;
  T* first_;
};

/// Numbers in [−1, 1), the same for the same seed.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 2 + 1) {}
  double next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state_ >> 40) / static_cast<double>(1U << 23) - 1;
  }
  Index below(Index n) { return static_cast<Index>((next() + 1) / 2 * static_cast<double>(n)); }
  template <typename T>
  Buffer<T> buffer(Index n) {
    Buffer<T> numbers(n);
    for (Index i = 0; i < n; ++i) numbers[i] = static_cast<T>(next());
    return numbers;
  }

 private:
  std::uint64_t state_;
};

/// A sum of products and the sum of their magnitudes, which is what rounding errors are proportional to: n terms in any
/// order are off by at most n · epsilon · Σ|terms|, on average by √n. The longest sums here have some thousands of terms.
struct Sum {
  long double value = 0;
  long double magnitude = 0;
  void add(long double a, long double b) {
    value += a * b;
    magnitude += std::fabs(a * b);
  }
};

template <typename T>
inline constexpr long double tolerance = sizeof(T) == 4 ? 1e-5L : 1e-12L;

template <typename T>
bool close(T number, const Sum& truth) {
  return std::fabs(static_cast<long double>(number) - truth.value) <= tolerance<T> * truth.magnitude;  // false for NaN
}

/// How many numbers of `computed` are not close to the truth.
template <typename T>
Index wrong(const Buffer<T>& computed, const std::vector<Sum>& truth) {
  Index count = 0;
  for (Index i = 0; i < computed.size(); ++i) count += close(computed[i], truth[static_cast<std::size_t>(i)]) ? 0 : 1;
  return count;
}

inline std::string text(const ConvShape& g) {
  std::string all;
  for (Index extent : {g.N, g.H, g.W, g.C, g.K, g.R, g.S, g.stride_h, g.stride_w, g.padding_h, g.padding_w, g.P, g.Q}) {
    all += std::to_string(extent) + " ";
  }
  return "N H W C K R S stride padding P Q: " + all;
}

/// A window whose outputs are as many as fit.
inline ConvShape window(ConvShape g) {
  g.P = (g.H + 2 * g.padding_h - g.R) / g.stride_h + 1;
  g.Q = (g.W + 2 * g.padding_w - g.S) / g.stride_w + 1;
  return g;
}

/// Calls visit(x offset, w offset, y offset, output channel) for every product of the convolution's definition.
template <typename Visit>
void each_product(const ConvShape& g, Visit visit) {
  for (Index n = 0; n < g.N; ++n)
    for (Index p = 0; p < g.P; ++p)
      for (Index q = 0; q < g.Q; ++q)
        for (Index r = 0; r < g.R; ++r)
          for (Index s = 0; s < g.S; ++s) {
            const Index h = p * g.stride_h + r - g.padding_h;
            const Index w = q * g.stride_w + s - g.padding_w;
            if (h < 0 || h >= g.H || w < 0 || w >= g.W) continue;
            for (Index c = 0; c < g.C; ++c)
              for (Index k = 0; k < g.K; ++k)
                visit(((n * g.H + h) * g.W + w) * g.C + c, ((r * g.S + s) * g.C + c) * g.K + k,
                      ((n * g.P + p) * g.Q + q) * g.K + k);
          }
}

struct Sizes {
  Index x, w, y;
};
inline Sizes sizes(const ConvShape& g) { return {g.N * g.H * g.W * g.C, g.R * g.S * g.C * g.K, g.N * g.P * g.Q * g.K}; }

}  // namespace reference

#undef LAMINA_TEST_SANITIZED
