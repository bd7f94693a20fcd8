#pragma once

#include "../checksum.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Checksum& Checksum::add(std::span<const std::byte> bytes) {
  mix(bytes.size());
  for (; bytes.size() >= sizeof(std::uint64_t); bytes = bytes.subspan(sizeof(std::uint64_t))) mix(first_word(bytes));
  if (!bytes.empty()) mix(first_word(bytes));
  return *this;
}

LAMINA_FUNC std::string Checksum::text() const {
  std::string digits;
  for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[state_ >> shift & 15];
  return digits;
}

LAMINA_FUNC std::uint64_t Checksum::first_word(std::span<const std::byte> bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), bytes.size() < sizeof(word) ? bytes.size() : sizeof(word));
  return word;
}

}  // namespace lamina::detail
