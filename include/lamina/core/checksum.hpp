#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A 64-bit checksum of bytes, taken eight at a time. It tells whether two things are equal and whether a file is as it
/// was written. It detects every change within one such word, and any other change except for one in 2⁶⁴. It does not
/// protect against deliberate changes, and its value depends on the machine's byte order.
class Checksum {
 public:
  Checksum& add(std::span<const std::byte> bytes);
  Checksum& add(std::string_view text) { return add(std::as_bytes(std::span(text))); }

  std::uint64_t value() const { return state_; }

  /// Returns the value as sixteen hexadecimal digits.
  std::string text() const;

 private:
  /// Returns the first eight bytes, or all if there are fewer.
  static std::uint64_t first_word(std::span<const std::byte> bytes);

  /// Mixes a word into the state. The mapping is one-to-one in the state for a given word, and in the word for a given state.
  void mix(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9E3779B97F4A7C15;
    state_ ^= state_ >> 32;
  }

  std::uint64_t state_ = 0x6C616D696E61;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/checksum.ipp"
#endif
