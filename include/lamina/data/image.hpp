#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>

#include "../core/tensor.hpp"
#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE {

/// Turns the bytes of an image file into pixels (H, W, C), as they are stored: 1 channel is grey, 2 grey and alpha, 3
/// RGB, 4 RGB and alpha. A decoder that turns them by their EXIF orientation itself needs ExifOrientation::ignore.
/// Several threads may ask it at once. Throws DataError, without the file's name, for what it cannot decode.
/// data/images.hpp has one; another, such as of libpng and libjpeg, can be put in its place.
using ImageDecoder = std::function<Tensor<std::uint8_t, 3>(std::span<const std::byte> file, const ImageLimits& limits)>;

enum class Colors { grey, rgb };

/// Says whether images are turned as their PNG or JPEG file says that the camera was held. A telephone stores an upright
/// photograph on its side, and says so.
enum class ExifOrientation { apply, ignore };

/// What images become when they are read.
struct ImageOptions {
  Colors colors = Colors::rgb;                            ///< grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)
  std::optional<Shape<2>> size{};                         ///< (H, W) that every image is resized to, see resize
  std::array<std::uint8_t, 3> background{255, 255, 255};  ///< RGB that shows through where an image is transparent
  ImageLimits limits{};
  ExifOrientation exif_orientation = ExifOrientation::apply;
};

namespace detail {

/// value · alpha + background · (1 − alpha), rounded
inline std::uint8_t blend(std::uint32_t value, std::uint32_t alpha, std::uint32_t background) {
  return static_cast<std::uint8_t>((value * alpha + background * (255 - alpha) + 127) / 255);
}

/// The weights in units of 2⁻¹⁶, as common image libraries have them.
inline std::uint8_t luma(std::uint32_t r, std::uint32_t g, std::uint32_t b) {
  return static_cast<std::uint8_t>((19595 * r + 38470 * g + 7471 * b + 32768) >> 16);
}

}  // namespace detail

/// Decoded pixels in the colours and the size asked for, (H, W, 1) or (H, W, 3). Throws DataError unless there are
/// pixels of 1 to 4 channels.
Tensor<std::uint8_t, 3> convert_image(const Tensor<std::uint8_t, 3>& decoded, const ImageOptions& options);

namespace detail {

/// Throws OptionError for options that cannot be.
void check_image_options(const char* who, const ImageDecoder& decoder, const ImageOptions& options);

/// Pixels as the options ask for them.
struct DecodedImage {
  Tensor<std::uint8_t, 3> pixels;
  bool is_turned;  ///< by the EXIF orientation
};

/// Decodes, turns and converts an image file in memory. Throws DataError without the file's name.
DecodedImage decode_image(std::span<const std::byte> file, const ImageDecoder& decoder, const ImageOptions& options);

/// Does the same with an image file.
DecodedImage decode_image(const std::filesystem::path& file, const ImageDecoder& decoder, const ImageOptions& options);

}  // namespace detail

/// Reads an image file in memory: pixels (H, W, 1) or (H, W, 3). Throws DataError when it cannot be decoded, and
/// OptionError. With data/images.hpp, the decoder can be left out.
Tensor<std::uint8_t, 3> read_image(std::span<const std::byte> file, const ImageDecoder& decoder,
                                          const ImageOptions& options);

/// Reads an image file: pixels (H, W, 1) or (H, W, 3). Throws DataError, which names the file, when it cannot be read
/// or decoded, and OptionError. With data/images.hpp, the decoder can be left out.
Tensor<std::uint8_t, 3> read_image(const std::filesystem::path& file, const ImageDecoder& decoder,
                                          const ImageOptions& options);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/image.ipp"
#endif
