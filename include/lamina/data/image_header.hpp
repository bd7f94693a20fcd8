#pragma once

#include <cstddef>
#include <span>

#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// https://www.w3.org/TR/png/ : the chunks follow one another to IEND, and their check values are right.
ImageHeader check_png(const ImageBytes& bytes, const ImageLimits& limits);

}  // namespace detail

/// What an image file says of itself, from its bytes; no memory is taken. So much of its structure is checked that a
/// decoder needs memory in proportion to the pixels, and reads nothing that is not there: whatever is announced has to
/// be within the limits, and possible for a file of that length. Throws DataError.
ImageHeader read_image_header(std::span<const std::byte> file, const ImageLimits& limits);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/image_header.ipp"
#endif
