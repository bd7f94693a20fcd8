#pragma once

#include "../bmp_structure.hpp"

#include <algorithm>
#include <iterator>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC BmpLayout::BmpLayout(const ImageBytes& bytes)
    : header_size(bytes.little32(14)), first(bytes.little32(10)) {
  constexpr std::size_t sizes[] = {12, 16, 40, 52, 56, 64, 108, 124};  // OS/2's are 12, 16 and 64
  const bool old = header_size == 12;
  if (std::ranges::find(sizes, header_size) == std::end(sizes))
    throw DataError(str_cat("is a BMP whose header has ", header_size, " bytes, which is unknown"));
  width = old ? std::int64_t{bytes.little16(18)} : static_cast<std::int32_t>(bytes.little32(18));
  height = old ? std::int64_t{bytes.little16(20)} : static_cast<std::int32_t>(bytes.little32(22));
  bits = bytes.little16(old ? 24 : 28);
  compression = header_size < 40 ? 0 : bytes.little32(30);
}

LAMINA_FUNC std::size_t BmpLayout::palette_size() const {
  return bits > 8 ? 0 : (std::min)((first - 14 - header_size) / color_size(), std::size_t{1} << bits);
}

LAMINA_FUNC ImageHeader check_bmp(const ImageBytes& bytes, const ImageLimits& limits) {
  const BmpLayout bmp(bytes);
  const std::uint32_t bits = bmp.bits, compression = bmp.compression;
  if (compression == 1 || compression == 2)
    throw DataError("is a run-length encoded BMP, which cannot be decoded; store it as PNG");
  const bool has_masks = compression == 3 && bmp.header_size != 64;  // there, it is a fax's code
  if (compression != 0 && !(has_masks && (bits == 16 || bits == 32)))
    throw DataError(str_cat("is a BMP of the compression ", compression, ", which cannot be decoded; store it as PNG"));
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
    throw DataError(str_cat("is damaged: a BMP has no ", bits, " bits per pixel"));
  const std::int64_t height = bmp.height < 0 ? -bmp.height : bmp.height;
  check_pixels(height, bmp.width, bytes.file.size(), 8, limits);
  const std::size_t header_end = 14 + bmp.header_size, first = bmp.first, stride = bmp.row_size(), rows = bmp.rows();
  if (first < (has_masks ? (std::max<std::size_t>)(66, header_end) : header_end))
    throw DataError("is damaged: the pixels of its BMP begin within the header");
  if (first > bytes.file.size() || bytes.file.size() - first < stride * rows)
    throw DataError("is truncated: rows of its BMP are missing");
  if (bits > 8) return {ImageFormat::bmp, height, bmp.width};
  const std::size_t colors = bmp.palette_size();
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < static_cast<std::size_t>(bmp.width); ++i) {
      const std::uint32_t byte = bytes.byte(first + row * stride + i * bits / 8);
      if ((byte >> (8 - bits - i * bits % 8) & ((1U << bits) - 1)) >= colors)
        throw DataError("is damaged: its BMP has a colour that is not in the palette");
    }
  return {ImageFormat::bmp, height, bmp.width};
}

LAMINA_FUNC std::vector<std::byte> plain_bmp(const ImageBytes& bytes) {
  constexpr std::size_t header_size = 108, palette = 14 + header_size;
  const BmpLayout bmp(bytes);
  std::vector<std::byte> plain(palette + (bmp.bits > 8 ? 0 : 4 * 256));
  const auto put = [&](std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) plain[at + i] = static_cast<std::byte>(value >> 8 * i & 0xFF);
  };
  put(0, 'B' | 'M' << 8);
  put(10, static_cast<std::uint32_t>(plain.size()));
  put(14, header_size);
  put(18, static_cast<std::uint32_t>(bmp.width));
  put(22, static_cast<std::uint32_t>(bmp.height));
  put(26, 1 | bmp.bits << 16);  // one plane
  const bool has_masks = bmp.compression == 3, has_alpha = has_masks && bmp.header_size >= 56;
  put(30, has_masks || bmp.bits == 32 ? 3 : 0);
  put(54, has_masks ? bytes.little32(54) : 0xFF0000);
  put(58, has_masks ? bytes.little32(58) : 0xFF00);
  put(62, has_masks ? bytes.little32(62) : 0xFF);
  put(66, has_alpha ? bytes.little32(66) : 0);
  for (std::size_t i = 0; i < bmp.palette_size(); ++i)
    std::copy_n(bytes.file.data() + 14 + bmp.header_size + i * bmp.color_size(), 3, plain.data() + palette + 4 * i);
  const auto rows = bytes.file.subspan(bmp.first, bmp.row_size() * bmp.rows());
  plain.insert(plain.end(), rows.begin(), rows.end());
  return plain;
}

}  // namespace lamina::detail
