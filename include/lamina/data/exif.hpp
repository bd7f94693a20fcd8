#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/tensor.hpp"
#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The way in which the pixels of an image file are stored.
struct StoredImage {
  int orientation = 0;          ///< EXIF's 1 … 8, see turn_upright; 0 where the file does not say
  Index height = 0, width = 0;  ///< 0 where no frame was found
};

/// Returns the orientation of an EXIF block (TIFF 6.0, tag 0x0112 of the first directory; CIPA DC-008, 4.6.4), 1 … 8.
/// Returns 0 for a block without one, and for a block that cannot be right: cut short, with a directory that is not
/// wholly in it, or a value of another type, count or range. Reads nothing outside the block.
int exif_orientation(std::span<const std::byte> block);

/// Reads how a JPEG or a PNG is stored. Throws DataError where it is damaged.
StoredImage stored_jpeg(const ImageBytes& bytes);
StoredImage stored_png(const ImageBytes& bytes);

/// Reads how a PNG or JPEG file is stored: the EXIF block of a JPEG's APP1 segment, or of a PNG's eXIf chunk. Throws
/// nothing: of what is damaged, or of another format, nothing is known.
StoredImage stored_image(std::span<const std::byte> file);

/// Turns and mirrors pixels (H, W, C) as the camera was held: to (H, W, C) for the orientations 1 … 4, and to (W, H, C)
/// for 5 … 8, whose rows are stored as columns.
Tensor<std::uint8_t, 3> turn_upright(const Tensor<std::uint8_t, 3>& pixels, int orientation);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/exif.ipp"
#endif
