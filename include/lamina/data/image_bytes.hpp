#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/shape.hpp"

namespace lamina {

/// What an image file may ask for.
struct ImageLimits {
  std::size_t max_bytes = std::size_t{1} << 26;  ///< of the file
  Index max_pixels = Index{1} << 25;             ///< of the image; decoding takes up to 48 bytes for each
};

enum class ImageFormat { png, jpeg, bmp };

/// What an image file says of itself.
struct ImageHeader {
  ImageFormat format;
  Index height, width;
  bool is_deep = false;  ///< 16 bits per channel
};

namespace detail {

/// Big- and little-endian numbers in a file. Throws DataError beyond its end.
struct ImageBytes {
  std::span<const std::byte> file;

  std::uint32_t byte(std::size_t at) const {
    if (at >= file.size()) throw DataError("is truncated");
    return std::to_integer<std::uint32_t>(file[at]);
  }
  std::uint32_t big16(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }
  std::uint32_t big32(std::size_t at) const { return big16(at) << 16 | big16(at + 2); }
  std::uint32_t little16(std::size_t at) const { return byte(at) | byte(at + 1) << 8; }
  std::uint32_t little32(std::size_t at) const { return little16(at) | little16(at + 2) << 16; }
  bool has(std::size_t at, std::string_view text) const {
    if (at > file.size() || file.size() - at < text.size()) return false;
    return std::equal(text.begin(), text.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char letter, std::byte b) { return static_cast<std::byte>(letter) == b; });
  }
};

/// Throws DataError for more pixels than are allowed, or than `bytes` of compressed pixels can hold at `densest` pixels
/// per byte.
inline void check_pixels(std::int64_t height, std::int64_t width, std::uint64_t bytes, double densest,
                         const ImageLimits& limits) {
  constexpr std::int64_t longest_side = 65535;
  const auto size = [&] { return message(width, " × ", height); };
  if (height < 1 || width < 1) throw DataError(message("announces ", size(), " pixels, which is no image"));
  if (width > longest_side || height > longest_side || width > limits.max_pixels / height)
    throw DataError(message("announces ", size(), " pixels, more than the ", limits.max_pixels, " allowed or than ",
                            longest_side, " along a side; raise .limits.max_pixels if it is no trick"));
  if (static_cast<double>(height) * static_cast<double>(width) > densest * (static_cast<double>(bytes) + 64))
    throw DataError(message("announces ", size(), " pixels, more than its ", bytes, " bytes of them can hold"));
}

}  // namespace detail
}  // namespace lamina
