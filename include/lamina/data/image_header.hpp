#pragma once

#include <cstddef>
#include <span>

#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Checks the structure of a PNG: its chunks follow one another to IEND, and their check values are right. Throws
/// DataError. https://www.w3.org/TR/png/
ImageHeader check_png(const ImageBytes& bytes, const ImageLimits& limits);

/// Reads the header of an image file without allocating memory. It checks enough of the structure that a decoder needs
/// memory only in proportion to the pixels and reads nothing that is missing. Declared sizes must be within the limits
/// and possible for a file of that length. Throws DataError.
ImageHeader read_image_header(std::span<const std::byte> file, const ImageLimits& limits);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/image_header.ipp"
#endif
