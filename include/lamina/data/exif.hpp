#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/tensor.hpp"
#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The size and orientation of the stored pixels of an image file.
struct StoredImage {
  int orientation = 0;          ///< EXIF's 1 … 8, see turn_upright; 0 if the file has none
  Index height = 0, width = 0;  ///< 0 if no frame was found
};

/// Returns the orientation of an EXIF block (TIFF 6.0, tag 0x0112 of the first directory; CIPA DC-008, 4.6.4), 1 … 8.
/// Returns 0 for a block without one and for an invalid block: cut short, with a directory that is not completely in it,
/// or with a value of another type, count or range. Reads nothing outside the block.
int exif_orientation(std::span<const std::byte> block);

/// Returns the stored size and orientation of a JPEG or a PNG. Throws DataError if it is damaged.
StoredImage stored_jpeg(const ImageBytes& bytes);
StoredImage stored_png(const ImageBytes& bytes);

/// Returns the stored size and orientation of a PNG or JPEG file, from the EXIF block of a JPEG's APP1 segment or a PNG's
/// eXIf chunk. Throws nothing: for a damaged file or another format all values are 0.
StoredImage stored_image(std::span<const std::byte> file);

/// Rotates and mirrors pixels (H, W, C) upright: to (H, W, C) for the orientations 1 … 4, and to (W, H, C) for 5 … 8,
/// whose rows are stored as columns.
Tensor<std::uint8_t, 3> turn_upright(const Tensor<std::uint8_t, 3>& pixels, int orientation);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/exif.ipp"
#endif
