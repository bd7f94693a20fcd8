#pragma once

#include "../image_bytes.hpp"

#include <algorithm>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::uint32_t ImageBytes::byte(std::size_t at) const {
  if (at >= file.size()) throw DataError("is truncated");
  return std::to_integer<std::uint32_t>(file[at]);
}

LAMINA_FUNC bool ImageBytes::has(std::size_t at, std::string_view text) const {
  if (at > file.size() || file.size() - at < text.size()) return false;
  return std::equal(text.begin(), text.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char letter, std::byte b) { return static_cast<std::byte>(letter) == b; });
}

LAMINA_FUNC void check_pixels(std::int64_t height, std::int64_t width, std::uint64_t bytes, double densest,
                         const ImageLimits& limits) {
  constexpr std::int64_t longest_side = 65535;
  const auto size = [&] { return str_cat(width, " × ", height); };
  if (height < 1 || width < 1) throw DataError(str_cat("announces ", size(), " pixels, which is no image"));
  if (width > longest_side || height > longest_side || width > limits.max_pixels / height)
    throw DataError(str_cat("announces ", size(), " pixels, more than the ", limits.max_pixels, " allowed or than ",
                            longest_side, " along a side; raise .limits.max_pixels if you trust the file"));
  if (static_cast<double>(height) * static_cast<double>(width) > densest * (static_cast<double>(bytes) + 64))
    throw DataError(str_cat("announces ", size(), " pixels, more than its ", bytes, " bytes of them can hold"));
}

}  // namespace lamina::detail
