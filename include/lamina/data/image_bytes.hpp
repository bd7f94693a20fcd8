#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// The limits of an image file.
struct ImageLimits {
  std::size_t max_bytes = std::size_t{1} << 26;  ///< of the file
  Index max_pixels = Index{1} << 25;             ///< pixels of the image; decoding takes up to 48 bytes for each
};

namespace detail {

enum class ImageFormat { png, jpeg, bmp };

/// The header data of an image file.
struct ImageHeader {
  ImageFormat format;
  Index height, width;
  bool is_deep = false;          ///< 16 bits per channel
  bool has_stray_bytes = false;  ///< between the segments of a JPEG
};

/// A file in memory, read as big- and little-endian numbers. Throws DataError beyond its end.
struct ImageBytes {
  std::span<const std::byte> file;

  std::uint32_t byte(std::size_t at) const;
  std::uint32_t big16(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }
  std::uint32_t big32(std::size_t at) const { return big16(at) << 16 | big16(at + 2); }
  std::uint32_t little16(std::size_t at) const { return byte(at) | byte(at + 1) << 8; }
  std::uint32_t little32(std::size_t at) const { return little16(at) | little16(at + 2) << 16; }
  bool has(std::size_t at, std::string_view text) const;
};

/// Throws DataError for more pixels than are allowed, or than `bytes` of compressed pixels can hold at `densest` pixels
/// per byte.
void check_pixels(std::int64_t height, std::int64_t width, std::uint64_t bytes, double densest,
                         const ImageLimits& limits);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/image_bytes.ipp"
#endif
