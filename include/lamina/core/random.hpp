#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "shape.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Applies Philox 4×32 with ten rounds: returns four random words for a counter of four words and a key of two. Salmon,
/// Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t even = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t odd = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(odd >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(odd),
               static_cast<std::uint32_t>(even >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(even)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

}  // namespace detail

/// A random number generator that is a value: a seed and a position, nothing else. The same seed gives the same numbers
/// on every platform. Copies run independently. `split` opens any number of unrelated streams.
///
///   Rng rng{42};
///   Rng for_one_sample = rng.split(epoch).split(sample);   // does not depend on earlier draws
class Rng {
 public:
  using result_type = std::uint64_t;  // meets UniformRandomBitGenerator, so std's distributions take it

  constexpr explicit Rng(std::uint64_t seed = 0) : key_(seed) {}

  /// Returns the stream with this number of the generator's seed. It does not depend on what was drawn before.
  constexpr Rng split(std::uint64_t stream) const { return Rng(block(stream, 1).first); }

  static constexpr result_type(min)() { return 0; }
  static constexpr result_type(max)() { return (std::numeric_limits<result_type>::max)(); }

  /// Returns the next 64 bits.
  constexpr result_type operator()() {
    const auto [even, odd] = block(position_ / 2, 0);
    return position_++ % 2 == 0 ? even : odd;
  }

  /// Returns a number uniform in [0, 1), a multiple of 2⁻⁵³.
  constexpr double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

  /// Returns a number uniform in [low, high), up to rounding at high. It rounds once, with an explicit fma: whether a
  /// compiler merges a product and a sum by itself differs between platforms.
  double uniform(double low, double high) { return std::fma(high - low, uniform(), low); }

  /// Returns a number uniform in 0, 1, … bound − 1, for a bound of at least 1: the high word of bits · bound. The bias is
  /// at most bound · 2⁻⁶⁴ per number. Lemire 2019, section 3.
  constexpr Index below(Index bound) {
    const std::uint64_t bits = (*this)(), n = static_cast<std::uint64_t>(bound);
    const std::uint64_t low = (bits & 0xFFFFFFFF) * (n & 0xFFFFFFFF);
    const std::uint64_t cross = (bits >> 32) * (n & 0xFFFFFFFF) + (low >> 32);
    const std::uint64_t other = (bits & 0xFFFFFFFF) * (n >> 32) + (cross & 0xFFFFFFFF);
    return static_cast<Index>((bits >> 32) * (n >> 32) + (cross >> 32) + (other >> 32));
  }

  /// Returns a normal number with mean 0 and standard deviation 1, as the ratio of two uniform numbers. Leva 1992, "A
  /// fast normal random number generator". The logarithm only decides whether a pair is accepted, so the platform's log
  /// does not change the value.
  double normal() {
#ifdef __clang__
#pragma float_control(precise, on)  // divisions stay divisions, whatever the flags; g++ needs no pragma
#endif
    for (;;) {
      const double u = 1.0 - uniform();  // (0, 1]
      const double v = 1.7156 * (uniform() - 0.5);
      const double x = u - 0.449871, y = std::abs(v) + 0.386595;
      const double q = x * x + y * (0.19600 * y - 0.25472 * x);
      if (q < 0.27597 || (q <= 0.27846 && v * v <= -4.0 * u * u * std::log(u))) return v / u;
    }
  }

 private:
  constexpr std::pair<std::uint64_t, std::uint64_t> block(std::uint64_t counter, std::uint32_t domain) const {
    const auto word = [](std::uint64_t bits, int half) { return static_cast<std::uint32_t>(bits >> (32 * half)); };
    const auto out = detail::philox({word(counter, 0), word(counter, 1), domain, 0}, {word(key_, 0), word(key_, 1)});
    return {out[0] | std::uint64_t{out[1]} << 32, out[2] | std::uint64_t{out[3]} << 32};
  }

  std::uint64_t key_;
  std::uint64_t position_ = 0;
};

/// Shuffles a random-access range (Fisher, Yates; Knuth vol. 2, algorithm P).
template <typename Range>
constexpr void shuffle(Range& things, Rng rng) {
  for (Index i = static_cast<Index>(things.size()) - 1; i > 0; --i)
    std::swap(things[static_cast<std::size_t>(i)], things[static_cast<std::size_t>(rng.below(i + 1))]);
}

}  // namespace lamina
