#pragma once

#include "../deflate.hpp"

#include <utility>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void Deflater::append(std::span<const std::byte> bytes, std::vector<std::byte>& out) {
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

LAMINA_FUNC void Deflater::deflate() {
  put(0b011, 3);  // the last block, with the fixed code
  for (std::size_t at = 0; at < bytes_.size();) {
    const std::size_t from = at + shortest <= bytes_.size() ? std::exchange(heads_[hash(at)], at) : not_seen;
    std::size_t length = 0;
    if (from != not_seen && at - from <= farthest)
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
  put(0, 7);  // fills up the last byte
}

LAMINA_FUNC void Deflater::put_code(std::uint32_t code, int count) {
  std::uint32_t mirrored = 0;
  for (int i = 0; i < count; ++i) mirrored |= (code >> i & 1) << (count - 1 - i);
  put(mirrored, count);
}

LAMINA_FUNC void Deflater::put_symbol(unsigned symbol) {
  if (symbol < 144)
    put_code(0x30 + symbol, 8);
  else if (symbol < 256)
    put_code(0x190 + symbol - 144, 9);
  else if (symbol < 280)
    put_code(symbol - 256, 7);
  else
    put_code(0xC0 + symbol - 280, 8);
}

LAMINA_FUNC void Deflater::put_length(unsigned length) {
  if (length == longest) return put_symbol(285);
  unsigned code = 0, first = shortest;
  while (first + (1U << extra(code, 4)) <= length) first += 1U << extra(code++, 4);
  put_symbol(257 + code);
  put(length - first, extra(code, 4));
}

LAMINA_FUNC void Deflater::put_distance(unsigned distance) {
  unsigned code = 0, first = 1;
  while (first + (1U << extra(code, 2)) <= distance) first += 1U << extra(code++, 2);
  put_code(code, 5);
  put(distance - first, extra(code, 2));
}

}  // namespace lamina::detail
