#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// DEFLATE (RFC 1951) with the fixed code and the nearest of earlier places that begin with the same three bytes: half
/// of what zlib does for a twentieth of its text, and enough for pictures.
class Deflater {
 public:
  /// Appends a zlib stream (RFC 1950) of these bytes.
  static void append(std::span<const std::byte> bytes, std::vector<std::byte>& out);

 private:
  static constexpr std::size_t shortest = 3, longest = 258, farthest = 32768;

  Deflater(std::span<const std::byte> bytes, std::vector<std::byte>& out)
      : bytes_(bytes), out_(out), heads_(std::size_t{1} << 15, nowhere) {}

  void deflate();

  std::size_t hash(std::size_t at) const {
    const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes_[at + i]); };
    return ((byte(0) | byte(1) << 8 | byte(2) << 16) * 0x9E3779B1U) >> 17;
  }

  /// `count` bits, the lowest first.
  void put(std::uint32_t bits, int count) {
    held_ |= bits << held_bits_;
    for (held_bits_ += count; held_bits_ >= 8; held_bits_ -= 8, held_ >>= 8) out_.push_back(std::byte(held_ & 0xFF));
  }

  /// A code, the highest bit first.
  void put_code(std::uint32_t code, int count);

  void put_symbol(unsigned symbol);

  void put_length(unsigned length);

  void put_distance(unsigned distance);

  /// How many bits follow a code of a length (4 codes for each number of bits) or a distance (2).
  static int extra(unsigned code, unsigned codes) { return code < 2 * codes ? 0 : static_cast<int>(code / codes) - 1; }

  static constexpr std::size_t nowhere = (std::numeric_limits<std::size_t>::max)();

  std::span<const std::byte> bytes_;
  std::vector<std::byte>& out_;
  std::vector<std::size_t> heads_;  // of a hash of three bytes, where they were last seen
  std::uint32_t held_ = 0;
  int held_bits_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/deflate.ipp"
#endif
