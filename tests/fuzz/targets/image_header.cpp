// What PNG, JPEG and BMP files say of themselves: within the limits, and without memory for more than an error's text.

#include <lamina/data/image_header.hpp>

#include "../image_seeds.hpp"

namespace {

using namespace lamina;

void read(std::span<const std::byte> file) {
  const ImageLimits limits{.max_bytes = 1 << 16, .max_pixels = 1 << 20};
  const detail::ImageHeader header = detail::read_image_header(file, limits);
  fuzz::require(file.size() <= limits.max_bytes, "a file larger than allowed was read");
  fuzz::require(header.height >= 1 && header.width >= 1 && header.height * header.width <= limits.max_pixels,
                "an image larger than allowed was let through");
}

const fuzz::Known known({"image_header", read, [](std::size_t) { return std::size_t{1} << 14; }, fuzz::image_seeds});

}  // namespace
