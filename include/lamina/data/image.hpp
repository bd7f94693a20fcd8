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

/// A function that decodes the bytes of an image file to pixels (H, W, C) as stored: 1 channel is grey, 2 grey and alpha,
/// 3 RGB, 4 RGB and alpha. A decoder that applies the EXIF orientation itself needs ExifOrientation::ignore. Several
/// threads may call it at once. It throws DataError, without the file's name, for what it cannot decode. data/images.hpp
/// has one; another, for example with libpng and libjpeg, may be used instead.
using ImageDecoder = std::function<Tensor<std::uint8_t, 3>(std::span<const std::byte> file, const ImageLimits& limits)>;

enum class Colors { grey, rgb };

/// The choice whether images are rotated by the EXIF orientation of their PNG or JPEG file. Telephones store an upright
/// photograph on its side with such an orientation.
enum class ExifOrientation { apply, ignore };

/// The options of reading images.
struct ImageOptions {
  Colors colors = Colors::rgb;                            ///< grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)
  std::optional<Shape<2>> size{};                         ///< (H, W) that every image is resized to, see resize
  std::array<std::uint8_t, 3> background{255, 255, 255};  ///< RGB behind transparent pixels
  ImageLimits limits{};
  ExifOrientation exif_orientation = ExifOrientation::apply;
};

namespace detail {

/// Returns value · alpha + background · (1 − alpha), rounded.
inline std::uint8_t blend(std::uint32_t value, std::uint32_t alpha, std::uint32_t background) {
  return static_cast<std::uint8_t>((value * alpha + background * (255 - alpha) + 127) / 255);
}

/// Returns the brightness, with weights in units of 2⁻¹⁶ as in common image libraries.
inline std::uint8_t luma(std::uint32_t r, std::uint32_t g, std::uint32_t b) {
  return static_cast<std::uint8_t>((19595 * r + 38470 * g + 7471 * b + 32768) >> 16);
}

/// Returns decoded pixels in the requested colours and size, (H, W, 1) or (H, W, 3). Throws DataError unless there are
/// pixels of 1 to 4 channels.
Tensor<std::uint8_t, 3> convert_image(const Tensor<std::uint8_t, 3>& decoded, const ImageOptions& options);

/// Throws OptionError for invalid options.
void check_image_options(const char* who, const ImageDecoder& decoder, const ImageOptions& options);

/// The pixels of a decoded image, converted as the options ask.
struct DecodedImage {
  Tensor<std::uint8_t, 3> pixels;
  bool is_turned;  ///< by the EXIF orientation
};

/// Decodes, rotates and converts an image file in memory. Throws DataError without the file's name.
DecodedImage decode_image(std::span<const std::byte> file, const ImageDecoder& decoder, const ImageOptions& options);

/// Does the same with an image file.
DecodedImage decode_image(const std::filesystem::path& file, const ImageDecoder& decoder, const ImageOptions& options);

}  // namespace detail

/// Reads an image file in memory: pixels (H, W, 1) or (H, W, 3). Throws DataError if it cannot be decoded, and
/// OptionError. With data/images.hpp, the decoder can be left out.
Tensor<std::uint8_t, 3> read_image(std::span<const std::byte> file, const ImageDecoder& decoder,
                                          const ImageOptions& options);

/// Reads an image file: pixels (H, W, 1) or (H, W, 3). Throws DataError, which names the file, if it cannot be read or
/// decoded, and OptionError. With data/images.hpp, the decoder can be left out.
Tensor<std::uint8_t, 3> read_image(const std::filesystem::path& file, const ImageDecoder& decoder,
                                          const ImageOptions& options);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/image.ipp"
#endif
