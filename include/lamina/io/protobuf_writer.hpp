#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A writer of a message in the wire format of Protocol Buffers, field by field: a key, (field << 3) | wire type, and a value.
///
///   | wire type | value                                                        |
///   |-----------|--------------------------------------------------------------|
///   | 0         | a varint: 7 bits a byte, the low ones first, 0x80 while more follow |
///   | 2         | a length as a varint, then as many bytes: texts, messages     |
///   | 5         | 4 bytes, little-endian: floats                                |
///
/// https://protobuf.dev/programming-guides/encoding. A field that is written more than once is a list.
class ProtobufWriter {
 public:
  /// Appends a whole number; negative ones in two's complement, as int64 has them.
  void number(std::uint32_t field, std::integral auto value) {
    key(field, 0);
    varint(static_cast<std::uint64_t>(value));
  }

  void number(std::uint32_t field, float value);

  void text(std::uint32_t field, std::string_view value);

  void message(std::uint32_t field, const ProtobufWriter& value) { text(field, value.bytes_); }

  /// Appends another message's fields, as if they had been written here.
  void merge(const ProtobufWriter& fields) { bytes_ += fields.bytes_; }

  std::span<const std::byte> bytes() const { return std::as_bytes(std::span(bytes_)); }

 private:
  void key(std::uint32_t field, std::uint32_t wire_type) { varint(std::uint64_t{field} << 3 | wire_type); }

  void varint(std::uint64_t value) {
    for (; value > 0x7F; value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/protobuf_writer.ipp"
#endif
