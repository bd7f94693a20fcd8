#pragma once

#include "../protobuf_writer.hpp"

#include <bit>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void ProtobufWriter::number(std::uint32_t field, float value) {
  key(field, 5);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xFF);
}

LAMINA_FUNC void ProtobufWriter::text(std::uint32_t field, std::string_view value) {
  key(field, 2);
  varint(value.size());
  bytes_ += value;
}

}  // namespace lamina::detail
