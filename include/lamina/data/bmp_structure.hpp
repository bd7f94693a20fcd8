#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The places of the parts of a bitmap of Windows or OS/2 stand, whose header may have 12 to 124 bytes.
struct BmpLayout {
  std::size_t header_size, first;  ///< `first` is where the pixels begin
  std::int64_t width, height;      ///< of a negative height, rows go from above
  std::uint32_t bits, compression;

  explicit BmpLayout(const ImageBytes& bytes);

  /// Returns how many bytes a row takes, a multiple of 4.
  std::size_t row_size() const { return (static_cast<std::size_t>(width) * bits + 31) / 32 * 4; }

  std::size_t rows() const { return static_cast<std::size_t>(height < 0 ? -height : height); }

  /// Returns how many bytes a colour of the palette takes.
  std::size_t color_size() const { return header_size == 12 ? 3 : 4; }

  /// Returns how many colours stand between the header and the pixels, of those that a pixel can name.
  std::size_t palette_size() const;
};

/// Bitmaps of Windows and OS/2, whose rows are all in the file, and every colour in the palette.
ImageHeader check_bmp(const ImageBytes& bytes, const ImageLimits& limits);

/// Returns a BMP, as check_bmp let it through, in the layout that stb_image reads rightly: a header of 108 bytes, 256
/// colours where pixels name colours, and the rows. Of a header of 12 bytes, stb_image leaves four colours unread; it
/// refuses a palette beside true colours, and takes the unused byte of 32-bit pixels for their alpha.
std::vector<std::byte> plain_bmp(const ImageBytes& bytes);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/bmp_structure.ipp"
#endif
