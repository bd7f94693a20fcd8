#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "../core/tensor.hpp"
#include "../core/write_file.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns the check value of PNG's chunks (CRC-32, ISO 3309).
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t crc = 0);

}  // namespace detail

/// Returns the bytes of a PNG file with these pixels, (H, W, C) or (H, W): C = 1 is grey, 2 grey and alpha, 3 RGB, 4 RGB
/// and alpha. Throws ShapeError for other channels, no pixels, or more than 2³¹ − 1 along a side.
/// https://www.w3.org/TR/png/
template <int Rank>
std::vector<std::byte> encode_png(const Tensor<std::uint8_t, Rank>& pixels);

/// Writes pixels to a PNG file, completely or not at all. Throws as encode_png, and DataError if it cannot be written.
///
///   write_png("seven.png", to_pixels(train.at(7)));
template <int Rank>
void write_png(const std::filesystem::path& path, const Tensor<std::uint8_t, Rank>& pixels) {
  write_file(path, encode_png(pixels));
}

namespace detail {

/// Returns numbers of 0 … 1 as bytes of 0 … 255, rounded. Others are cut to 0 or 255; NaN becomes 0.
template <int Rank>
Tensor<std::uint8_t, Rank> to_pixels(const Tensor<float, Rank>& values) {
  Tensor<std::uint8_t, Rank> pixels(shape(values).extents);
  std::transform(values.data(), values.data() + values.size(), pixels.data(), [](float value) {
    return static_cast<std::uint8_t>(value > 0 ? (std::min)(value, 1.0F) * 255 + 0.5F : 0);
  });
  return pixels;
}

void append_chunk(std::vector<std::byte>& file, std::string_view type, std::span<const std::byte> content);

std::vector<std::byte> encode_png(const std::uint8_t* pixels, const Shape<3>& extents);

}  // namespace detail

template <int Rank>
std::vector<std::byte> encode_png(const Tensor<std::uint8_t, Rank>& pixels) {
  static_assert(Rank == 2 || Rank == 3, "a picture is (H, W) or (H, W, C)");
  Shape<3> extents{0, 0, 1};
  for (int axis = 0; axis < Rank; ++axis) extents[axis] = shape(pixels)[axis];
  return detail::encode_png(pixels.data(), extents);
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/png.ipp"
#endif
