#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/error.hpp"
#include "../core/function_ref.hpp"

namespace LAMINA_NAMESPACE::detail {

[[noreturn, gnu::cold]] void refuse_protobuf(std::uint64_t field, std::string_view why);

/// A field of a message in Protocol Buffers' wire format (the table is in io/protobuf_writer.hpp). It refers to the
/// message's bytes. A request for a value of another type throws DataError.
struct ProtobufField {
  std::uint64_t number = 0;
  std::uint64_t wire_type = 0;         // 0 a varint, 1 eight bytes, 2 a length and as many bytes, 5 four bytes
  std::uint64_t varint = 0;            // for wire type 0
  std::span<const std::byte> bytes{};  // for all other types

  std::uint64_t whole() const {
    expect(0, "a whole number");
    return varint;
  }
  float real() const;
  std::span<const std::byte> message() const {
    expect(2, "a text or a message");
    return bytes;
  }
  std::string_view text() const;

  /// Visits a list of whole numbers: the single one in this field or, if packed, several.
  void each_whole(FunctionRef<void(std::uint64_t)> visit) const;

  /// Returns the bytes of a list of floats (width 4) or doubles (width 8): of the single one in this field or, if packed,
  /// of several.
  std::span<const std::byte> words(std::size_t width) const;

 private:
  void expect(std::uint64_t type, std::string_view what) const;
};

/// A view that takes bytes from the front of a message. It never reads beyond its end, whatever lengths the message declares.
class ProtobufBytes {
 public:
  explicit ProtobufBytes(std::span<const std::byte> bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }

  /// Takes a varint of at most ten bytes and 64 bits. `field` names its field in errors.
  std::uint64_t varint(std::uint64_t field);

  std::span<const std::byte> take(std::uint64_t size, std::uint64_t field);

 private:
  std::span<const std::byte> left_;
};

inline void ProtobufField::each_whole(FunctionRef<void(std::uint64_t)> visit) const {
  if (wire_type == 0) return visit(varint);
  for (ProtobufBytes packed(message()); !packed.empty();) visit(packed.varint(number));
}

/// Calls visit(field) for every field of a message, in their order. It never goes deeper than the calling code: an inner
/// message is bytes until it is passed to read_protobuf, too. Throws DataError for lengths beyond the end, numbers beyond
/// 64 bits, and groups, which are obsolete.
void read_protobuf(std::span<const std::byte> message, FunctionRef<void(const ProtobufField&)> visit);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/protobuf_reader.ipp"
#endif
