#pragma once

#include "../image.hpp"

#include <vector>

#include "../../core/files.hpp"
#include "../exif.hpp"
#include "../image_header.hpp"
#include "../resize.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

LAMINA_FUNC Tensor<std::uint8_t, 3> convert_image(const Tensor<std::uint8_t, 3>& decoded, const ImageOptions& options) {
  const auto [H, W, C] = shape(decoded);
  if (H < 1 || W < 1 || C < 1 || C > 4)
    throw DataError(str_cat("was decoded to ", shape(decoded), "; expects pixels of 1 to 4 channels"));
  const bool has_alpha = C == 2 || C == 4, has_colors = C >= 3;
  Tensor<std::uint8_t, 3> image(H, W, Index{options.colors == Colors::grey ? 1 : 3});
  std::uint8_t* out = image.data();
  for (const std::uint8_t *pixel = decoded.data(), *end = pixel + decoded.size(); pixel < end; pixel += C) {
    std::array<std::uint8_t, 3> rgb{pixel[0], pixel[has_colors ? 1 : 0], pixel[has_colors ? 2 : 0]};
    if (has_alpha)
      for (std::size_t c = 0; c < 3; ++c) rgb[c] = detail::blend(rgb[c], pixel[C - 1], options.background[c]);
    if (options.colors == Colors::rgb)
      out = std::copy(rgb.begin(), rgb.end(), out);
    else
      *out++ = rgb[0] == rgb[1] && rgb[1] == rgb[2] ? rgb[0] : detail::luma(rgb[0], rgb[1], rgb[2]);
  }
  return options.size ? resize_image(image, *options.size) : image;
}

}  // namespace detail
}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_image_options(const char* who, const ImageDecoder& decoder, const ImageOptions& options) {
  if (!decoder) throw OptionError(str_cat(who, ": expects a decoder but got an empty function"));
  const std::optional<Shape<2>>& size = options.size;
  if (size && ((*size)[0] < 1 || (*size)[1] < 1 || (*size)[0] > options.limits.max_pixels / (*size)[1]))
    throw OptionError(str_cat(who, ": expects a .size of at least 1 × 1 and at most ", options.limits.max_pixels,
                              " pixels (.limits.max_pixels) but got ", *size));
}

LAMINA_FUNC DecodedImage decode_image(std::span<const std::byte> file, const ImageDecoder& decoder,
                                      const ImageOptions& options) {
  const auto decoded = decoder(file, options.limits);
  const StoredImage stored = options.exif_orientation == ExifOrientation::apply ? stored_image(file) : StoredImage{};
  if (stored.orientation < 2) return {convert_image(decoded, options), false};
  const auto [H, W, C] = shape(decoded);
  if (stored.orientation > 4 && H != W && H == stored.width && W == stored.height)
    throw DataError(str_cat("is stored with ", H, " × ", W, " pixels but was decoded to ", W, " × ", H,
                            ": the decoder turns images itself; give .exif_orientation = ExifOrientation::ignore"));
  return {convert_image(turn_upright(decoded, stored.orientation), options), true};
}

LAMINA_FUNC DecodedImage decode_image(const std::filesystem::path& file, const ImageDecoder& decoder,
                                      const ImageOptions& options) {
  std::vector<std::byte> bytes;
  try {
    bytes = read_limited_file(file, options.limits.max_bytes);
  } catch (const DataError& error) {  // without the name, which all errors get below
    throw DataError(std::string(error.what()).substr(printable(file.string()).size() + 2));
  }
  return decode_image(bytes, decoder, options);
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Tensor<std::uint8_t, 3> read_image(std::span<const std::byte> file, const ImageDecoder& decoder,
                                          const ImageOptions& options) {
  detail::check_image_options("read_image", decoder, options);
  return detail::decode_image(file, decoder, options).pixels;
}

LAMINA_FUNC Tensor<std::uint8_t, 3> read_image(const std::filesystem::path& file, const ImageDecoder& decoder,
                                          const ImageOptions& options) {
  detail::check_image_options("read_image", decoder, options);
  try {
    return detail::decode_image(file, decoder, options).pixels;
  } catch (const DataError& error) {
    throw DataError(str_cat(printable(file.string()), ": ", error.what()));
  }
}

}  // namespace lamina
