#pragma once

#include "../protobuf_reader.hpp"

#include <bit>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void refuse_protobuf(std::uint64_t field, std::string_view why) {
  throw DataError(str_cat("is cut short or damaged: field ", field, " ", why));
}

LAMINA_FUNC float ProtobufField::real() const {
  expect(5, "a float");
  std::uint32_t bits = 0;
  for (std::size_t i = 4; i-- > 0;) bits = bits << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return std::bit_cast<float>(bits);
}

LAMINA_FUNC std::string_view ProtobufField::text() const {
  message();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

LAMINA_FUNC std::span<const std::byte> ProtobufField::words(std::size_t width) const {
  if (wire_type != (width == 4 ? 5u : 1u)) message();
  if (bytes.size() % width != 0) refuse_protobuf(number, "ends within a number");
  return bytes;
}

LAMINA_FUNC void ProtobufField::expect(std::uint64_t type, std::string_view what) const {
  if (wire_type != type)
    refuse_protobuf(number, lamina::str_cat("has the wire type ", wire_type, " but is ", what, ", of type ", type));
}

LAMINA_FUNC std::uint64_t ProtobufBytes::varint(std::uint64_t field) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(take(1, field)[0]);
    if (shift == 63 && byte > 1) break;
    value |= (byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  refuse_protobuf(field, "has a whole number of more than 64 bits");
}

LAMINA_FUNC std::span<const std::byte> ProtobufBytes::take(std::uint64_t size, std::uint64_t field) {
  if (size > left_.size())
    refuse_protobuf(field, lamina::str_cat("takes ", size, " bytes but there are only ", left_.size()));
  const auto taken = left_.first(static_cast<std::size_t>(size));
  left_ = left_.subspan(static_cast<std::size_t>(size));
  return taken;
}

LAMINA_FUNC void read_protobuf(std::span<const std::byte> message, FunctionRef<void(const ProtobufField&)> visit) {
  for (ProtobufBytes bytes(message); !bytes.empty();) {
    const std::uint64_t key = bytes.varint(0);
    ProtobufField field{.number = key >> 3, .wire_type = key & 7};
    if (field.number == 0 || field.number >= std::uint64_t{1} << 29) refuse_protobuf(field.number, "has an invalid number");
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
        refuse_protobuf(field.number, lamina::str_cat("has the wire type ", field.wire_type));
    }
    visit(field);
  }
}

}  // namespace lamina::detail
