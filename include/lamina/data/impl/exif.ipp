#pragma once

#include "../exif.hpp"

#include <algorithm>
#include <string_view>

#include "../jpeg_structure.hpp"
#include "../png.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC int exif_orientation(std::span<const std::byte> block) try {
  const ImageBytes bytes{block};
  const bool is_little = bytes.has(0, "II");
  const auto number16 = [&](std::size_t at) { return is_little ? bytes.little16(at) : bytes.big16(at); };
  const auto number32 = [&](std::size_t at) { return is_little ? bytes.little32(at) : bytes.big32(at); };
  if ((!is_little && !bytes.has(0, "MM")) || number16(2) != 42) return 0;
  const std::size_t directory = number32(4), entries = number16(directory);
  if (directory < 8 || entries > (block.size() - directory - 2) / 12) return 0;
  for (std::size_t at = directory + 2; at < directory + 2 + 12 * entries; at += 12) {
    if (number16(at) != 0x0112) continue;
    const bool is_one_short = number16(at + 2) == 3 && number32(at + 4) == 1;
    const std::uint32_t value = number16(at + 8);
    return is_one_short && value >= 1 && value <= 8 ? static_cast<int>(value) : 0;
  }
  return 0;
} catch (const DataError&) {  // ImageBytes throws it beyond the end
  return 0;
}

LAMINA_FUNC StoredImage stored_jpeg(const ImageBytes& bytes) {
  StoredImage stored;
  for (JpegSegment segment = next_segment(bytes, 2); !segment.is_scan() && !segment.is_last();
       segment = next_segment(bytes, segment.end)) {
    const std::size_t begin = segment.begin;
    if (segment.marker == 0xE1 && stored.orientation == 0 && segment.end >= begin + 10 &&
        bytes.has(begin + 4, std::string_view("Exif\0\0", 6)))
      stored.orientation = exif_orientation(bytes.file.first(segment.end).subspan(begin + 10));
    if (segment.is_frame()) stored.height = bytes.big16(begin + 5), stored.width = bytes.big16(begin + 7);
  }
  return stored;
}

LAMINA_FUNC StoredImage stored_png(const ImageBytes& bytes) {
  StoredImage stored{0, Index{bytes.big32(20)}, Index{bytes.big32(16)}};
  for (std::size_t at = 8; !bytes.has(at + 4, "IEND");) {
    const std::size_t length = bytes.big32(at), left = bytes.file.size() - at;
    if (left < 12 || length > left - 12) break;
    const auto named = bytes.file.subspan(at + 4, length + 4);
    if (stored.orientation == 0 && bytes.has(at + 4, "eXIf") && crc32(named) == bytes.big32(at + 8 + length))
      stored.orientation = exif_orientation(named.subspan(4));
    at += length + 12;
  }
  return stored;
}

LAMINA_FUNC StoredImage stored_image(std::span<const std::byte> file) try {
  const ImageBytes bytes{file};
  if (bytes.has(0, "\xFF\xD8")) return stored_jpeg(bytes);
  if (bytes.has(0, "\x89PNG\r\n\x1A\n")) return stored_png(bytes);
  return {};
} catch (const DataError&) {
  return {};
}

LAMINA_FUNC Tensor<std::uint8_t, 3> turn_upright(const Tensor<std::uint8_t, 3>& pixels, int orientation) {
  const auto [H, W, C] = shape(pixels);
  const bool is_transposed = orientation >= 5;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const Index row = from_below ? -W * C : W * C, column = from_right ? -C : C;  // to the next one in `pixels`
  const Index down = is_transposed ? column : row, along = is_transposed ? row : column;
  Tensor<std::uint8_t, 3> upright(is_transposed ? W : H, is_transposed ? H : W, Index{C});
  const Index first = (from_below ? (H - 1) * W * C : 0) + (from_right ? (W - 1) * C : 0);
  std::uint8_t* out = upright.data();
  for (Index h = 0; h < upright.dimension(0); ++h)
    for (Index w = 0; w < upright.dimension(1); ++w)
      out = std::copy_n(pixels.data() + first + h * down + w * along, C, out);
  return upright;
}

}  // namespace lamina::detail
