#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace lamina::detail {

/// DEFLATE (RFC 1951) with the fixed code and the nearest of earlier places that begin with the same three bytes: half
/// of what zlib does for a twentieth of its text, and enough for pictures.
class Deflater {
 public:
  /// Appends a zlib stream (RFC 1950) of these bytes.
  static void append(std::span<const std::byte> bytes, std::vector<std::byte>& out) {
    Deflater deflater(bytes, out);
    out.insert(out.end(), {std::byte{0x78}, std::byte{0x01}});
    deflater.deflate();
    std::uint32_t a = 1, b = 0;  // Adler-32
    for (const std::byte value : bytes) {
      a = (a + std::to_integer<std::uint32_t>(value)) % 65521;
      b = (b + a) % 65521;
    }
    for (const std::uint32_t half : {b, a}) out.insert(out.end(), {std::byte(half >> 8), std::byte(half & 0xFF)});
  }

 private:
  static constexpr std::size_t shortest = 3, longest = 258, farthest = 32768;

  Deflater(std::span<const std::byte> bytes, std::vector<std::byte>& out)
      : bytes_(bytes), out_(out), heads_(std::size_t{1} << 15, nowhere) {}

  void deflate() {
    put(0b011, 3);  // the last block, with the fixed code
    for (std::size_t at = 0; at < bytes_.size();) {
      const std::size_t from = at + shortest <= bytes_.size() ? std::exchange(heads_[hash(at)], at) : nowhere;
      std::size_t length = 0;
      if (from != nowhere && at - from <= farthest)
        while (length < longest && at + length < bytes_.size() && bytes_[from + length] == bytes_[at + length])
          ++length;
      if (length < shortest) {
        put_symbol(std::to_integer<unsigned>(bytes_[at++]));
        continue;
      }
      put_length(static_cast<unsigned>(length));
      put_distance(static_cast<unsigned>(at - from));
      at += length;
    }
    put_symbol(256);
    put(0, 7);  // to a whole byte
  }

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
  void put_code(std::uint32_t code, int count) {
    std::uint32_t mirrored = 0;
    for (int i = 0; i < count; ++i) mirrored |= (code >> i & 1) << (count - 1 - i);
    put(mirrored, count);
  }

  void put_symbol(unsigned symbol) {
    if (symbol < 144)
      put_code(0x30 + symbol, 8);
    else if (symbol < 256)
      put_code(0x190 + symbol - 144, 9);
    else if (symbol < 280)
      put_code(symbol - 256, 7);
    else
      put_code(0xC0 + symbol - 280, 8);
  }

  void put_length(unsigned length) {
    if (length == longest) return put_symbol(285);
    unsigned code = 0, first = shortest;
    while (first + (1U << extra(code, 4)) <= length) first += 1U << extra(code++, 4);
    put_symbol(257 + code);
    put(length - first, extra(code, 4));
  }

  void put_distance(unsigned distance) {
    unsigned code = 0, first = 1;
    while (first + (1U << extra(code, 2)) <= distance) first += 1U << extra(code++, 2);
    put_code(code, 5);
    put(distance - first, extra(code, 2));
  }

  /// How many bits follow a code of a length (4 codes for each number of bits) or a distance (2).
  static int extra(unsigned code, unsigned codes) { return code < 2 * codes ? 0 : static_cast<int>(code / codes) - 1; }

  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

  std::span<const std::byte> bytes_;
  std::vector<std::byte>& out_;
  std::vector<std::size_t> heads_;  // of a hash of three bytes, where they were last seen
  std::uint32_t held_ = 0;
  int held_bits_ = 0;
};

}  // namespace lamina::detail
