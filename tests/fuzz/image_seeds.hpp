#pragma once

// Image files of every kind that is read, small.

#include <lamina/core/random.hpp>
#include <lamina/data/png.hpp>
#include <vector>

#include "../data/exif_files.hpp"
#include "../data/image_files.hpp"
#include "target.hpp"

namespace fuzz {

inline Bytes noisy_png(lamina::Index H, lamina::Index W, lamina::Index C) {
  lamina::Tensor<std::uint8_t, 3> pixels(H, W, C);
  lamina::Rng rng{static_cast<std::uint64_t>(C)};
  for (lamina::Index i = 0; i < pixels.size(); ++i) pixels.data()[i] = static_cast<std::uint8_t>(rng.below(256));
  return lamina::encode_png(pixels);
}

inline std::vector<Bytes> image_seeds() {
  return {noisy_png(3, 4, 1),
          noisy_png(4, 3, 2),
          noisy_png(3, 5, 3),
          noisy_png(5, 3, 4),
          bytes_of(image_files::png_16bit),
          bytes_of(image_files::png_palette),
          bytes_of(image_files::jpeg_rgb),
          bytes_of(image_files::jpeg_progressive),
          bytes_of(image_files::jpeg_grey),
          bytes_of(image_files::jpeg_cmyk),
          bytes_of(image_files::bmp_rgb),
          bytes_of(image_files::bmp_palette),
          bytes_of(image_files::bmp_bits),
          bytes_of(image_files::bmp_top_down),
          bytes_of(image_files::bmp_os2),
          exif_files::jpeg_with({exif_files::block({.entries = {{.value = 6}}})}),
          exif_files::png_with(exif_files::block({.little = false, .entries = {{.value = 8}}}))};
}

/// A PNG with right check values, whatever they were: what is behind them is to be reached, too.
inline Bytes with_right_checks(std::span<const std::byte> file) {
  Bytes mended(file.begin(), file.end());
  const auto big32 = [&](std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::size_t>(mended[at + i]);
    return value;
  };
  for (std::size_t at = 8; at + 12 <= mended.size() && big32(at) <= mended.size() - at - 12; at += 12 + big32(at)) {
    const std::uint32_t crc = lamina::detail::crc32(std::span(mended).subspan(at + 4, big32(at) + 4));
    for (std::size_t i = 0; i < 4; ++i)
      mended[at + 8 + big32(at) + i] = static_cast<std::byte>(crc >> (24 - 8 * i) & 0xFF);
  }
  return mended;
}

}  // namespace fuzz
