#pragma once

#include "../jpeg_structure.hpp"

#include <algorithm>
#include <span>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::size_t find_marker(const ImageBytes& bytes, std::size_t at) {
  for (;; ++at) {
    if (bytes.byte(at) != 0xFF) continue;
    const std::uint32_t next = bytes.byte(at + 1);
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
}

LAMINA_FUNC JpegSegment next_segment(const ImageBytes& bytes, std::size_t at) {
  const std::size_t begin = find_marker(bytes, at);
  const std::uint32_t marker = bytes.byte(begin + 1);
  if (marker == 0xD9) return {marker, begin, begin + 2};
  if (marker < 0xC0 || marker == 0xD8) throw DataError("is damaged: its JPEG has a marker out of place");
  const std::size_t length = bytes.big16(begin + 2), end = begin + 2 + length;
  if (length < 2 || end > bytes.file.size())
    throw DataError("is truncated: a segment of its JPEG ends behind the file's end");
  return {marker, begin, end};
}

LAMINA_FUNC void JpegCheck::read_quantisation_tables(const JpegSegment& segment) {
  for (std::size_t at = segment.begin + 4; at < segment.end;) {
    const std::uint32_t kind = bytes_.byte(at);
    quantisation_ |= 1U << (kind & 15);
    at += kind < 16 ? 65 : 129;
  }
}

LAMINA_FUNC void JpegCheck::read_huffman_tables(const JpegSegment& segment) {
  for (std::size_t at = segment.begin + 4, end = segment.end; at < end;) {
    if (end - at < 17) throw DataError("is damaged: a Huffman table of its JPEG is cut short");
    std::uint32_t symbols = 0, open = 1;
    for (std::size_t length = 1; length <= 16; ++length) {
      const std::uint32_t count = bytes_.byte(at + length);
      open *= 2;
      if (count > open) throw DataError("is damaged: a Huffman table of its JPEG has more codes than bits");
      open -= count;
      symbols += count;
    }
    if (symbols > 256 || symbols > end - at - 17)
      throw DataError("is damaged: a Huffman table of its JPEG is too large");
    (bytes_.byte(at) < 16 ? huffman_dc_ : huffman_ac_) |= 1U << (bytes_.byte(at) & 15);
    at += 17 + symbols;
  }
}

LAMINA_FUNC void JpegCheck::read_frame(const JpegSegment& frame) {
  const std::size_t at = frame.begin;
  const std::uint32_t depth = bytes_.byte(at + 4), marker = frame.marker;
  components_count_ = bytes_.byte(at + 9);
  if (header_.height > 0) throw DataError("is damaged: its JPEG has two frames");
  if (marker != 0xC0 && marker != 0xC1 && marker != 0xC2)
    throw DataError(marker == 0xC3
                        ? "is a lossless JPEG, which cannot be decoded; store it as PNG"
                        : "is an arithmetically coded or hierarchical JPEG, which cannot be decoded; store it as PNG");
  if (depth != 8) throw DataError(str_cat("is a JPEG of ", depth, " bits, which cannot be decoded; store it as PNG"));
  if (components_count_ == 4) throw DataError("is a CMYK JPEG, which cannot be decoded; convert it to RGB");
  if (components_count_ != 1 && components_count_ != 3)
    throw DataError(str_cat("is damaged: a JPEG has no ", components_count_, " components"));
  header_.height = bytes_.big16(at + 5);
  header_.width = bytes_.big16(at + 7);
  is_progressive_ = marker == 0xC2;
  check_pixels(header_.height, header_.width, bytes_.file.size(), 512, limits_);  // a bit for 8 × 8 pixels at best
  for (std::size_t i = 0; i < components_count_; ++i)
    components_[i] = {bytes_.byte(at + 10 + 3 * i), bytes_.byte(at + 12 + 3 * i) & 15, false};
}

LAMINA_FUNC void JpegCheck::check_scan(const JpegSegment& scan) {
  if (header_.height == 0) throw DataError("is damaged: its JPEG has a scan before the frame");
  const std::span components(components_.data(), components_count_);
  const std::size_t count = bytes_.byte(scan.begin + 4), bands = scan.begin + 5 + 2 * count;
  const bool is_first_of_dc = bytes_.byte(bands) == 0 && bytes_.byte(bands + 2) < 16;
  const bool uses_dc = !is_progressive_ || is_first_of_dc, uses_ac = !is_progressive_ || bytes_.byte(bands) > 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t name = bytes_.byte(scan.begin + 5 + 2 * i), tables = bytes_.byte(scan.begin + 6 + 2 * i);
    const auto component = std::ranges::find(components, name, &Component::name);
    if (component == components.end()) throw DataError("is damaged: a scan of its JPEG names a component that it does not have");
    component->is_scanned |= uses_dc;
    if (!component->is_scanned) throw DataError("is damaged: its progressive JPEG refines what no scan has begun");
    if ((quantisation_ >> component->table & 1) == 0)
      throw DataError("is damaged: its JPEG uses a quantisation table that is not in it");
    if ((uses_dc && (huffman_dc_ >> (tables >> 4) & 1) == 0) || (uses_ac && (huffman_ac_ >> (tables & 15) & 1) == 0))
      throw DataError("is damaged, or a frame of a video: its JPEG uses a Huffman table that is not in it");
  }
}

LAMINA_FUNC ImageHeader JpegCheck::read() {
  int scans = 0;
  JpegSegment segment{0xD8, 0, 2};
  while (!segment.is_last()) {
    const JpegSegment before = segment;
    segment = next_segment(bytes_, before.end);
    if (!before.is_scan() && segment.begin > before.end) header_.has_stray_bytes = true;
    if (segment.is_frame()) read_frame(segment);
    if (segment.marker == 0xDB) read_quantisation_tables(segment);
    if (segment.marker == 0xC4) read_huffman_tables(segment);
    if (!segment.is_scan()) continue;
    if (++scans > 256) throw DataError("is a JPEG of more than 256 scans, which may be an attack");
    check_scan(segment);
  }
  if (scans == 0) throw DataError("is damaged: its JPEG has no scan");
  for (std::size_t i = 0; i < components_count_; ++i)
    if (!components_[i].is_scanned) throw DataError("is truncated: its JPEG has no scan for one of its components");
  return header_;
}

LAMINA_FUNC std::vector<std::byte> without_stray_bytes(const ImageBytes& bytes) {
  std::vector<std::byte> clean;
  for (JpegSegment segment{0xD8, 0, 2}; !segment.is_last();) {
    const JpegSegment next = next_segment(bytes, segment.end);
    const auto part = bytes.file.first(segment.is_scan() ? next.begin : segment.end).subspan(segment.begin);
    clean.insert(clean.end(), part.begin(), part.end());
    segment = next;
  }
  clean.insert(clean.end(), {std::byte{0xFF}, std::byte{0xD9}});
  return clean;
}

}  // namespace lamina::detail
