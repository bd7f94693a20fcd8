#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/error.hpp"
#include "../core/function_ref.hpp"

namespace lamina::detail {

[[noreturn, gnu::cold]] inline void refuse_protobuf(std::uint64_t field, std::string_view why) {
  throw DataError(message("is cut short or damaged: field ", field, " ", why));
}

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
  float real() const {
    expect(5, "a float");
    std::uint32_t bits = 0;
    for (std::size_t i = 4; i-- > 0;) bits = bits << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    return std::bit_cast<float>(bits);
  }
  std::span<const std::byte> message() const {
    expect(2, "a text or a message");
    return bytes;
  }
  std::string_view text() const {
    message();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  /// Of a list of whole numbers: the one that stands here, or, packed, several.
  void each_whole(FunctionRef<void(std::uint64_t)> visit) const;

  /// Of a list of floats (width 4) or doubles (width 8): the bytes of the one that stands here, or, packed, of several.
  std::span<const std::byte> words(std::size_t width) const {
    if (wire_type != (width == 4 ? 5u : 1u)) message();
    if (bytes.size() % width != 0) refuse_protobuf(number, "ends within a number");
    return bytes;
  }

 private:
  void expect(std::uint64_t type, std::string_view what) const {
    if (wire_type != type)
      refuse_protobuf(number, lamina::message("has the wire type ", wire_type, " but is ", what, ", of type ", type));
  }
};

/// Takes bytes from the front of a message; nothing is read beyond its end, whatever lengths it announces.
class ProtobufBytes {
 public:
  explicit ProtobufBytes(std::span<const std::byte> bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }

  /// At most ten bytes, of at most 64 bits. `field` is whose it is, for errors.
  std::uint64_t varint(std::uint64_t field) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(take(1, field)[0]);
      if (shift == 63 && byte > 1) break;
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    refuse_protobuf(field, "has a whole number of more than 64 bits");
  }

  std::span<const std::byte> take(std::uint64_t size, std::uint64_t field) {
    if (size > left_.size())
      refuse_protobuf(field, lamina::message("takes ", size, " bytes but there are only ", left_.size()));
    const auto taken = left_.first(static_cast<std::size_t>(size));
    left_ = left_.subspan(static_cast<std::size_t>(size));
    return taken;
  }

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
inline void read_protobuf(std::span<const std::byte> message, FunctionRef<void(const ProtobufField&)> visit) {
  for (ProtobufBytes bytes(message); !bytes.empty();) {
    const std::uint64_t key = bytes.varint(0);
    ProtobufField field{.number = key >> 3, .wire_type = key & 7};
    if (field.number == 0 || field.number >= std::uint64_t{1} << 29) refuse_protobuf(field.number, "is of no message");
    switch (field.wire_type) {
      case 0:
        field.varint = bytes.varint(field.number);
        break;
      case 1:
        field.bytes = bytes.take(8, field.number);
        break;
      case 2:
        field.bytes = bytes.take(bytes.varint(field.number), field.number);
        break;
      case 5:
        field.bytes = bytes.take(4, field.number);
        break;
      default:
        refuse_protobuf(field.number, lamina::message("has the wire type ", field.wire_type));
    }
    visit(field);
  }
}

}  // namespace lamina::detail
