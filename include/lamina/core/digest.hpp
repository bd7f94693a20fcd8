#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// A check value of bytes, taken eight at a time: whether two things are the same, and whether a file is as it was
/// written. Any change within one such word is seen, any other but for one in 2⁶⁴. No protection
/// against somebody who means it, and another value on machines of another byte order.
class Digest {
 public:
  Digest& add(std::span<const std::byte> bytes);
  Digest& add(std::string_view text) { return add(std::as_bytes(std::span(text))); }

  std::uint64_t value() const { return state_; }

  /// Sixteen hexadecimal digits.
  std::string text() const;

 private:
  /// The first eight bytes, or as many as there are.
  static std::uint64_t first_word(std::span<const std::byte> bytes);

  /// One-to-one in the state for a given word, and in the word for a given state.
  void mix(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9E3779B97F4A7C15;
    state_ ^= state_ >> 32;
  }

  std::uint64_t state_ = 0x6C616D696E61;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/digest.ipp"
#endif
