#pragma once

#include "../image_header.hpp"

#include <cstdint>

#include "../bmp_structure.hpp"
#include "../jpeg_structure.hpp"
#include "../png.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC ImageHeader check_png(const ImageBytes& bytes, const ImageLimits& limits) {
  std::size_t at = 8;
  std::uint64_t packed = 0;
  if (bytes.has(12, "CgBI"))
    throw DataError("is a PNG of Apple's own kind (CgBI), which cannot be decoded; store it as PNG");
  for (bool first = true, last = false; !last; first = false) {
    const std::size_t length = bytes.big32(at), left = bytes.file.size() - at;
    const bool critical = (bytes.byte(at + 4) & 0x20) == 0;
    if (left < 12 || length > left - 12) throw DataError("is truncated: a chunk of its PNG ends behind the file's end");
    if (first != bytes.has(at + 4, "IHDR") || (first && length != 13))
      throw DataError("is damaged: a PNG begins with one IHDR chunk of 13 bytes");
    if (critical && crc32(bytes.file.subspan(at + 4, length + 4)) != bytes.big32(at + 8 + length))
      throw DataError("is damaged: a chunk of its PNG has the wrong check value");
    if (bytes.has(at + 4, "IDAT")) packed += length;
    last = bytes.has(at + 4, "IEND");
    at += length + 12;
  }
  const std::uint32_t width = bytes.big32(16), height = bytes.big32(20), depth = bytes.byte(24), color = bytes.byte(25);
  const bool any_depth = depth == 1 || depth == 2 || depth == 4;
  if (!(depth == 8 || (depth == 16 && color != 3) || (any_depth && (color == 0 || color == 3))) || color > 6 ||
      color == 1 || color == 5)
    throw DataError(str_cat("is damaged: a PNG cannot have ", depth, " bits and the colour type ", color));
  constexpr std::uint32_t channels[] = {1, 0, 3, 1, 2, 0, 4};
  const double bits = static_cast<double>(depth * channels[color]);
  check_pixels(height, width, packed, 1032 * 8 / bits, limits);  // DEFLATE packs 258 bytes in 2 bits at best
  return {ImageFormat::png, height, width, depth == 16};
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC ImageHeader read_image_header(std::span<const std::byte> file, const ImageLimits& limits) {
  const detail::ImageBytes bytes{file};
  if (file.empty()) throw DataError("is empty");
  if (file.size() > limits.max_bytes)
    throw DataError(str_cat("has ", file.size(), " bytes, more than the ", limits.max_bytes,
                            " allowed; raise .limits.max_bytes to allow it"));
  if (bytes.has(0, "\x89PNG\r\n\x1A\n")) return detail::check_png(bytes, limits);
  if (bytes.has(0, "\xFF\xD8")) return detail::check_jpeg(bytes, limits);
  if (bytes.has(0, "BM")) return detail::check_bmp(bytes, limits);
  const char* others[][2] = {
      {"GIF8", "a GIF"}, {"II*", "a TIFF"}, {"MM", "a TIFF"}, {"RIFF", "a WebP"}, {"8BPS", "a Photoshop"}};
  for (const auto& [begin, what] : others)
    if (bytes.has(0, begin))
      throw DataError(str_cat("is ", what, " image by its first bytes; expects PNG, JPEG or BMP"));
  if (bytes.has(4, "ftyp"))
    throw DataError("is a HEIF (HEIC) or AVIF image by its first bytes; expects PNG, JPEG or BMP");
  throw DataError("begins like no PNG, JPEG or BMP image");
}

}  // namespace lamina::detail
