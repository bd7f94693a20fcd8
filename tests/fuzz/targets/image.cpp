// PNG, JPEG and BMP, decoded: pixels are as many as the header says, in as much memory as they may take, and none is lost.

#include <lamina/data/images.hpp>

#include "../image_seeds.hpp"

namespace {

using namespace lamina;

void decode(std::span<const std::byte> file) {
  const ImageLimits limits{.max_bytes = 1 << 16, .max_pixels = 1 << 14};
  const detail::ImageHeader header = detail::read_image_header(file, limits);
  Tensor<std::uint8_t, 3> pixels;
  try {
    pixels = decode_with_stb(file, limits);
  } catch (const DataError&) {
    fuzz::require(lamina::detail::stb_held == 0, "the decoder kept memory of a file that was refused");
    throw;
  }
  fuzz::require(lamina::detail::stb_held == 0, "the decoder kept memory");
  fuzz::require(pixels.dimension(0) == header.height && pixels.dimension(1) == header.width,
                "the header told another size");
  const auto grey = detail::convert_image(pixels, {.colors = Colors::grey, .size = {{5, 7}}, .limits = limits});
  const auto rgb = read_image(file, {.limits = limits});
  fuzz::require(shape(grey) == Shape{5, 7, 1} && rgb.dimension(2) == 3, "the image asked for is another");
}

void read(std::span<const std::byte> file) {
  const bool is_png = file.size() > 8 && std::to_integer<int>(file[0]) == 0x89;
  is_png ? decode(fuzz::with_right_checks(file)) : decode(file);
}

/// Of 2¹⁴ pixels in one row or column, and a margin of 32 about them, 48 bytes each; the decoder's tables; the copies.
const fuzz::Known known({"image", read,
                         [](std::size_t size) {
                           return 48 * std::size_t{33} * ((1 << 14) + 32) + 4 * size + (std::size_t{1} << 23);
                         },
                         fuzz::image_seeds});

}  // namespace
