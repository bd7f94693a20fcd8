#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A compressor for DEFLATE (RFC 1951) that uses the fixed code. It only tries the nearest earlier position with the same
/// three bytes. It compresses half as well as zlib with a twentieth of its code, which is enough for pictures.
class Deflater {
 public:
  /// Appends a zlib stream (RFC 1950) of these bytes.
  static void append(std::span<const std::byte> bytes, std::vector<std::byte>& out);

 private:
  static constexpr std::size_t shortest = 3, longest = 258, farthest = 32768;

  Deflater(std::span<const std::byte> bytes, std::vector<std::byte>& out)
      : bytes_(bytes), out_(out), heads_(std::size_t{1} << 15, not_seen) {}

  void deflate();

  std::size_t hash(std::size_t at) const {
    const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes_[at + i]); };
    return ((byte(0) | byte(1) << 8 | byte(2) << 16) * 0x9E3779B1U) >> 17;
  }

  /// Appends `count` bits, the lowest first.
  void put(std::uint32_t bits, int count) {
    held_ |= bits << held_bits_;
    for (held_bits_ += count; held_bits_ >= 8; held_bits_ -= 8, held_ >>= 8) out_.push_back(std::byte(held_ & 0xFF));
  }

  /// Appends a code, the highest bit first.
  void put_code(std::uint32_t code, int count);

  void put_symbol(unsigned symbol);

  void put_length(unsigned length);

  void put_distance(unsigned distance);

  /// Returns the number of extra bits of a code for a length (4 codes per number of bits) or a distance (2).
  static int extra(unsigned code, unsigned codes) { return code < 2 * codes ? 0 : static_cast<int>(code / codes) - 1; }

  static constexpr std::size_t not_seen = (std::numeric_limits<std::size_t>::max)();

  std::span<const std::byte> bytes_;
  std::vector<std::byte>& out_;
  std::vector<std::size_t> heads_;  // last position of each hash of three bytes
  std::uint32_t held_ = 0;
  int held_bits_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/deflate.ipp"
#endif
