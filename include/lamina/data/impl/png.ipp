#pragma once

#include "../png.hpp"

#include <array>
#include <limits>

#include "../deflate.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t crc) {
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

LAMINA_FUNC void append_chunk(std::vector<std::byte>& file, std::string_view type, std::span<const std::byte> content) {
  const auto append32 = [&](std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) file.push_back(std::byte(value >> shift & 0xFF));
  };
  append32(static_cast<std::uint32_t>(content.size()));
  const std::size_t begin = file.size();
  for (const char letter : type) file.push_back(static_cast<std::byte>(letter));
  file.insert(file.end(), content.begin(), content.end());
  append32(crc32(std::span(file).subspan(begin)));
}

LAMINA_FUNC std::vector<std::byte> encode_png(const std::uint8_t* pixels, const Shape<3>& extents) {
  const auto [H, W, C] = extents;
  constexpr Index longest_side = (std::numeric_limits<std::int32_t>::max)();
  if (H < 1 || W < 1 || C < 1 || C > 4 || H > longest_side || W > longest_side)
    throw ShapeError(
        str_cat("encode_png: expects pixels (H, W, C) of at least one pixel and 1 to 4 channels but got ", extents));
  std::vector<std::byte> file{std::byte{0x89}, std::byte{'P'},  std::byte{'N'},  std::byte{'G'},
                              std::byte{'\r'}, std::byte{'\n'}, std::byte{0x1A}, std::byte{'\n'}};
  std::vector<std::byte> content;
  for (const Index side : {W, H})
    for (int shift = 24; shift >= 0; shift -= 8) content.push_back(std::byte(side >> shift & 0xFF));
  constexpr int color_types[] = {0, 4, 2, 6};
  for (const int value : {8, color_types[C - 1], 0, 0, 0}) content.push_back(std::byte(value));
  append_chunk(file, "IHDR", content);

  // Up (each byte minus the one above) is the simplest filter that works well for drawings and photographs.
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
                 std::span(content).subspan(begin, (std::min)(content.size() - begin, std::size_t{1} << 30)));
  append_chunk(file, "IEND", {});
  return file;
}

}  // namespace lamina::detail
