#pragma once

#include "../jpeg_structure.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_huffman_tables(const ImageBytes& bytes, std::size_t at, std::size_t end) {
  while (at < end) {
    if (end - at < 17) throw DataError("is damaged: a Huffman table of its JPEG is cut short");
    std::uint32_t symbols = 0, open = 1;
    for (std::size_t length = 1; length <= 16; ++length) {
      const std::uint32_t count = bytes.byte(at + length);
      open *= 2;
      if (count > open) throw DataError("is damaged: a Huffman table of its JPEG has more codes than bits");
      open -= count;
      symbols += count;
    }
    if (symbols > 256 || symbols > end - at - 17)
      throw DataError("is damaged: a Huffman table of its JPEG is too large");
    at += 17 + symbols;
  }
}

LAMINA_FUNC std::size_t find_marker(const ImageBytes& bytes, std::size_t at) {
  for (;; ++at) {
    if (bytes.byte(at) != 0xFF) continue;
    const std::uint32_t next = bytes.byte(at + 1);
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
}

LAMINA_FUNC ImageHeader check_frame(const ImageBytes& bytes, std::size_t at, std::uint32_t marker,
                               const ImageLimits& limits) {
  const std::uint32_t depth = bytes.byte(at + 4), components = bytes.byte(at + 9);
  if (marker != 0xC0 && marker != 0xC1 && marker != 0xC2)
    throw DataError(marker == 0xC3
                        ? "is a lossless JPEG, which cannot be decoded; store it as PNG"
                        : "is an arithmetically coded or hierarchical JPEG, which cannot be decoded; store it as PNG");
  if (depth != 8) throw DataError(message("is a JPEG of ", depth, " bits, which cannot be decoded; store it as PNG"));
  if (components == 4) throw DataError("is a CMYK JPEG, which cannot be decoded; convert it to RGB");
  if (components != 1 && components != 3)
    throw DataError(message("is damaged: a JPEG has no ", components, " components"));
  const ImageHeader header{ImageFormat::jpeg, bytes.big16(at + 5), bytes.big16(at + 7)};
  check_pixels(header.height, header.width, bytes.file.size(), 512, limits);  // a bit for a block of 8 × 8 at best
  return header;
}

LAMINA_FUNC ImageHeader check_jpeg(const ImageBytes& bytes, const ImageLimits& limits) {
  ImageHeader header{ImageFormat::jpeg, 0, 0};
  int scans = 0;
  for (std::size_t at = 2;;) {
    if (bytes.byte(at) != 0xFF) throw DataError("is damaged: something stands between the segments of its JPEG");
    const std::uint32_t marker = bytes.byte(at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == 0xD9) break;
    if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD8))
      throw DataError("is damaged: its JPEG has a marker out of place");
    const std::size_t length = bytes.big16(at + 2), end = at + 2 + length;
    if (length < 2 || end > bytes.file.size())
      throw DataError("is truncated: a segment of its JPEG ends behind the file's end");
    const bool is_frame = marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) {
      if (header.height > 0) throw DataError("is damaged: its JPEG has two frames");
      header = check_frame(bytes, at, marker, limits);
    }
    if (marker == 0xC4) check_huffman_tables(bytes, at + 4, end);
    at = end;
    if (marker != 0xDA) continue;
    if (header.height == 0) throw DataError("is damaged: its JPEG has a scan before the frame");
    if (++scans > 256) throw DataError("is a JPEG of more than 256 scans, which is a trick");
    at = find_marker(bytes, at);
  }
  if (scans == 0) throw DataError("is damaged: its JPEG has no scan");
  return header;
}

}  // namespace lamina::detail
