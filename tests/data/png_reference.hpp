#pragma once

#include <cstddef>
#include <cstdint>
#include <lamina/data/png.hpp>
#include <stdexcept>
#include <vector>

/// Reads what lamina's writer writes, straight from the standards: PNG of 8 bits, filters None and Up, and DEFLATE's
/// fixed code. Throws std::runtime_error for anything else.
namespace png_reference {

class Bits {
 public:
  explicit Bits(const std::vector<std::byte>& bytes, std::size_t from) : bytes_(bytes), at_(8 * from) {}
  unsigned low_first(unsigned count) {
    unsigned value = 0;
    for (unsigned i = 0; i < count; ++i) value |= next() << i;
    return value;
  }
  unsigned high_first(unsigned count) {
    unsigned value = 0;
    for (unsigned i = 0; i < count; ++i) value = value << 1 | next();
    return value;
  }
  std::size_t whole_byte() const { return (at_ + 7) / 8; }

 private:
  unsigned next() {
    const unsigned bit = std::to_integer<unsigned>(bytes_.at(at_ / 8)) >> (at_ % 8) & 1;
    ++at_;
    return bit;
  }
  const std::vector<std::byte>& bytes_;
  std::size_t at_;
};

/// RFC 1951, 3.2.6
inline unsigned fixed_symbol(Bits& bits) {
  unsigned code = bits.high_first(7);
  if (code <= 0b0010111) return 256 + code;
  code = code << 1 | bits.high_first(1);
  if (code >= 0b00110000 && code <= 0b10111111) return code - 0b00110000;
  if (code >= 0b11000000 && code <= 0b11000111) return 280 + code - 0b11000000;
  return 144 + (code << 1 | bits.high_first(1)) - 0b110010000;
}

inline std::vector<std::byte> inflate(const std::vector<std::byte>& stream) {
  const auto wrong = [] { throw std::runtime_error("not what the writer writes"); };
  // RFC 1951, 3.2.5: the tables as they are printed there
  const unsigned length_base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                  31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  const unsigned length_extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                   2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  const unsigned distance_base[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                    33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                    1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  const unsigned distance_extra[] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                     6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
  const auto first = std::to_integer<unsigned>(stream.at(0)), second = std::to_integer<unsigned>(stream.at(1));
  if (first != 0x78 || (first * 256 + second) % 31 != 0) wrong();
  Bits bits(stream, 2);
  if (bits.low_first(1) != 1 || bits.low_first(2) != 1) wrong();
  std::vector<std::byte> out;
  for (unsigned symbol = fixed_symbol(bits); symbol != 256; symbol = fixed_symbol(bits)) {
    if (symbol < 256) {
      out.push_back(std::byte(symbol));
      continue;
    }
    if (symbol > 285) wrong();
    const unsigned length = length_base[symbol - 257] + bits.low_first(length_extra[symbol - 257]);
    const unsigned code = bits.high_first(5);
    if (code > 29) wrong();
    const unsigned distance = distance_base[code] + bits.low_first(distance_extra[code]);
    if (distance > out.size()) wrong();
    for (unsigned i = 0; i < length; ++i) out.push_back(out[out.size() - distance]);
  }
  std::uint32_t a = 1, b = 0;
  for (const std::byte value : out) a = (a + std::to_integer<std::uint32_t>(value)) % 65521, b = (b + a) % 65521;
  std::uint32_t stored = 0;
  for (std::size_t i = 0; i < 4; ++i)
    stored = stored << 8 | std::to_integer<std::uint32_t>(stream.at(bits.whole_byte() + i));
  if (stored != (b << 16 | a) || bits.whole_byte() + 4 != stream.size()) wrong();
  return out;
}

inline std::vector<std::uint8_t> read(const std::vector<std::byte>& file) {
  const auto wrong = [] { throw std::runtime_error("not what the writer writes"); };
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(file.at(at + i));
    return value;
  };
  if (number(0) != 0x89504E47 || number(4) != 0x0D0A1A0A) wrong();
  std::vector<std::byte> packed;
  std::size_t at = 8, width = 0, height = 0;
  for (std::uint32_t type = 0; type != 0x49454E44; at += 12 + number(at)) {
    type = number(at + 4);
    const std::span content(file.data() + at + 8, number(at));
    if (number(at + 8 + content.size()) != lamina::detail::crc32({file.data() + at + 4, content.size() + 4})) wrong();
    if (type == 0x49484452) {
      const std::size_t channels[] = {1, 0, 3, 0, 2, 0, 4};
      width = number(at + 8) * channels[std::to_integer<unsigned>(content[9])];
      height = number(at + 12);
      if (std::to_integer<int>(content[8]) != 8) wrong();
    } else if (type == 0x49444154) {
      packed.insert(packed.end(), content.begin(), content.end());
    }
  }
  if (at != file.size()) wrong();
  const std::vector<std::byte> lines = inflate(packed);
  if (lines.size() != height * (width + 1)) wrong();
  std::vector<std::uint8_t> pixels;
  for (std::size_t h = 0; h < height; ++h) {
    const auto filter = std::to_integer<int>(lines[h * (width + 1)]);
    if (filter != 0 && filter != 2) wrong();
    for (std::size_t w = 0; w < width; ++w) {
      const unsigned above = filter == 2 && h > 0 ? pixels[pixels.size() - width] : 0;
      pixels.push_back(static_cast<std::uint8_t>(std::to_integer<unsigned>(lines[h * (width + 1) + 1 + w]) + above));
    }
  }
  return pixels;
}

}  // namespace png_reference
