#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "../core/tensor.hpp"
#include "../core/write_file.hpp"
#include "deflate.hpp"

namespace lamina {

namespace detail {

/// The check value of PNG's chunks (CRC-32, ISO 3309).
inline std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t crc = 0) {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      entries[n] = n;
      for (int bit = 0; bit < 8; ++bit) entries[n] = entries[n] & 1 ? 0xEDB88320 ^ (entries[n] >> 1) : entries[n] >> 1;
    }
    return entries;
  }();
  crc = ~crc;
  for (const std::byte b : bytes) crc = table[(crc ^ std::to_integer<std::uint32_t>(b)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

}  // namespace detail

/// The bytes of a PNG file with these pixels, (H, W, C) or (H, W): C = 1 is grey, 2 grey and alpha, 3 RGB, 4 RGB and
/// alpha. Throws ShapeError for other channels, no pixels, or more than 2³¹ − 1 along a side.
/// https://www.w3.org/TR/png/
template <int Rank>
std::vector<std::byte> encode_png(const Tensor<std::uint8_t, Rank>& pixels);

/// Writes pixels to a PNG file, wholly or not at all. Throws as encode_png, and DataError where it cannot be written.
///
///   write_png("seven.png", to_pixels(train.at(7)));
template <int Rank>
void write_png(const std::filesystem::path& path, const Tensor<std::uint8_t, Rank>& pixels) {
  write_file(path, encode_png(pixels));
}

/// Numbers of 0 … 1 as bytes of 0 … 255, rounded; what leaves that becomes 0 or 255, what is no number 0.
template <int Rank>
Tensor<std::uint8_t, Rank> to_pixels(const Tensor<float, Rank>& values) {
  Tensor<std::uint8_t, Rank> pixels(shape(values).extents);
  std::transform(values.data(), values.data() + values.size(), pixels.data(), [](float value) {
    return static_cast<std::uint8_t>(value > 0 ? std::min(value, 1.0F) * 255 + 0.5F : 0);
  });
  return pixels;
}

namespace detail {

inline void append_chunk(std::vector<std::byte>& file, std::string_view type, std::span<const std::byte> content) {
  const auto append32 = [&](std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) file.push_back(std::byte(value >> shift & 0xFF));
  };
  append32(static_cast<std::uint32_t>(content.size()));
  const std::size_t begin = file.size();
  for (const char letter : type) file.push_back(static_cast<std::byte>(letter));
  file.insert(file.end(), content.begin(), content.end());
  append32(crc32(std::span(file).subspan(begin)));
}

inline std::vector<std::byte> encode_png(const std::uint8_t* pixels, const Shape<3>& extents) {
  const auto [H, W, C] = extents;
  constexpr Index longest_side = std::numeric_limits<std::int32_t>::max();
  if (H < 1 || W < 1 || C < 1 || C > 4 || H > longest_side || W > longest_side)
    throw ShapeError(
        message("encode_png: expects pixels (H, W, C) of at least one pixel and 1 to 4 channels but got ", extents));
  std::vector<std::byte> file{std::byte{0x89}, std::byte{'P'},  std::byte{'N'},  std::byte{'G'},
                              std::byte{'\r'}, std::byte{'\n'}, std::byte{0x1A}, std::byte{'\n'}};
  std::vector<std::byte> content;
  for (const Index side : {W, H})
    for (int shift = 24; shift >= 0; shift -= 8) content.push_back(std::byte(side >> shift & 0xFF));
  constexpr int color_types[] = {0, 4, 2, 6};
  for (const int value : {8, color_types[C - 1], 0, 0, 0}) content.push_back(std::byte(value));
  append_chunk(file, "IHDR", content);

  // Of the filters, Up (each byte less the one above) is simple, and good for drawings and photographs alike.
  const Index width = W * C;
  std::vector<std::byte> lines(static_cast<std::size_t>(H * (1 + width)));
  auto place = lines.begin();
  for (Index h = 0; h < H; ++h) {
    *place++ = std::byte{2};
    for (Index i = h * width; i < (h + 1) * width; ++i)
      *place++ = static_cast<std::byte>(pixels[i] - (h > 0 ? pixels[i - width] : 0));
  }
  content.clear();
  Deflater::append(lines, content);
  for (std::size_t begin = 0; begin < content.size(); begin += std::size_t{1} << 30)
    append_chunk(file, "IDAT",
                 std::span(content).subspan(begin, std::min(content.size() - begin, std::size_t{1} << 30)));
  append_chunk(file, "IEND", {});
  return file;
}

}  // namespace detail

template <int Rank>
std::vector<std::byte> encode_png(const Tensor<std::uint8_t, Rank>& pixels) {
  static_assert(Rank == 2 || Rank == 3, "a picture is (H, W) or (H, W, C)");
  Shape<3> extents{0, 0, 1};
  for (int axis = 0; axis < Rank; ++axis) extents[axis] = shape(pixels)[axis];
  return detail::encode_png(pixels.data(), extents);
}

}  // namespace lamina
