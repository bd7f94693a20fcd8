#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/error.hpp"
#include "../core/function_ref.hpp"

namespace LAMINA_NAMESPACE::detail {

[[noreturn, gnu::cold]] void refuse_protobuf(std::uint64_t field, std::string_view why);

/// A field of a message in Protocol Buffers' wire format (io/protobuf_writer.hpp has its table), as it stands in the
/// bytes. What asks for a value of another type throws DataError.
struct ProtobufField {
  std::uint64_t number = 0;
  std::uint64_t wire_type = 0;         // 0 a varint, 1 eight bytes, 2 a length and as many bytes, 5 four bytes
  std::uint64_t varint = 0;            // of wire type 0
  std::span<const std::byte> bytes{};  // of all others

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

  /// Of a list of whole numbers: the one that stands here, or, packed, several.
  void each_whole(FunctionRef<void(std::uint64_t)> visit) const;

  /// Of a list of floats (width 4) or doubles (width 8): the bytes of the one that stands here, or, packed, of several.
  std::span<const std::byte> words(std::size_t width) const;

 private:
  void expect(std::uint64_t type, std::string_view what) const;
};

/// Takes bytes from the front of a message; nothing is read beyond its end, whatever lengths it announces.
class ProtobufBytes {
 public:
  explicit ProtobufBytes(std::span<const std::byte> bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }

  /// At most ten bytes, of at most 64 bits. `field` is whose it is, for errors.
  std::uint64_t varint(std::uint64_t field);

  std::span<const std::byte> take(std::uint64_t size, std::uint64_t field);

 private:
  std::span<const std::byte> left_;
};

inline void ProtobufField::each_whole(FunctionRef<void(std::uint64_t)> visit) const {
  if (wire_type == 0) return visit(varint);
  for (ProtobufBytes packed(message()); !packed.empty();) visit(packed.varint(number));
}

/// Calls visit(field) for every field of a message, in the order in which they stand. Never goes deeper than the code
/// that asks: a message in a message is bytes until it is given to read_protobuf, too. Throws DataError where lengths
/// go beyond the end, numbers beyond 64 bits, and for groups, which nobody writes any more.
void read_protobuf(std::span<const std::byte> message, FunctionRef<void(const ProtobufField&)> visit);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/protobuf_reader.ipp"
#endif
