#pragma once

#include <cstddef>
#include <cstdint>

#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The Huffman tables of a DHT segment fit the decoder's: codes of no length are more than that length has.
void check_huffman_tables(const ImageBytes& bytes, std::size_t at, std::size_t end);

/// Where the next marker stands in a scan's data: 0xFF, neither stuffed nor a restart's.
std::size_t find_marker(const ImageBytes& bytes, std::size_t at);

/// What a frame's segment says. Throws DataError for frames that the decoder does not know, by name.
ImageHeader check_frame(const ImageBytes& bytes, std::size_t at, std::uint32_t marker,
                               const ImageLimits& limits);

/// ITU T.81: segments follow one another to EOI, one frame among them, and tables are sound.
ImageHeader check_jpeg(const ImageBytes& bytes, const ImageLimits& limits);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/jpeg_structure.ipp"
#endif
