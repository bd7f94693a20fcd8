#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The places of the parts of a bitmap of Windows or OS/2 stand, whose header may have 12 to 124 bytes.
struct BmpLayout {
  std::size_t header_size, first;  ///< `first` is the offset of the pixels
  std::int64_t width, height;      ///< a negative height means that rows go from top to bottom
  std::uint32_t bits, compression;

  explicit BmpLayout(const ImageBytes& bytes);

  /// Returns the number of bytes per row, a multiple of 4.
  std::size_t row_size() const { return (static_cast<std::size_t>(width) * bits + 31) / 32 * 4; }

  std::size_t rows() const { return static_cast<std::size_t>(height < 0 ? -height : height); }

  /// Returns the number of bytes per colour of the palette.
  std::size_t color_size() const { return header_size == 12 ? 3 : 4; }

  /// Returns the number of palette colours in the file, at most as many as a pixel can name.
  std::size_t palette_size() const;
};

/// Checks a bitmap of Windows or OS/2: all its rows must be in the file, and every colour in the palette. Throws DataError.
ImageHeader check_bmp(const ImageBytes& bytes, const ImageLimits& limits);

/// Converts a BMP that check_bmp accepted to a layout that stb_image reads correctly: a header of 108 bytes, 256 palette
/// colours if pixels are palette indices, and the rows. stb_image skips four colours after a header of 12 bytes. It
/// rejects a palette with true colours, and takes the unused byte of 32-bit pixels for alpha.
std::vector<std::byte> plain_bmp(const ImageBytes& bytes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/bmp_structure.ipp"
#endif
