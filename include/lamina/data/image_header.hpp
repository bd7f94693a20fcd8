#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/shape.hpp"
#include "png.hpp"

namespace lamina {

/// What an image file may ask for.
struct ImageLimits {
  std::size_t max_bytes = std::size_t{1} << 26;  ///< of the file
  Index max_pixels = Index{1} << 25;             ///< of the image; decoding takes up to 48 bytes for each
};

enum class ImageFormat { png, jpeg, bmp };

/// What an image file says of itself.
struct ImageHeader {
  ImageFormat format;
  Index height, width;
  bool is_deep = false;  ///< 16 bits per channel
};

namespace detail {

/// Big- and little-endian numbers in a file. Throws DataError beyond its end.
struct ImageBytes {
  std::span<const std::byte> file;

  std::uint32_t byte(std::size_t at) const {
    if (at >= file.size()) throw DataError("is truncated");
    return std::to_integer<std::uint32_t>(file[at]);
  }
  std::uint32_t big16(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }
  std::uint32_t big32(std::size_t at) const { return big16(at) << 16 | big16(at + 2); }
  std::uint32_t little16(std::size_t at) const { return byte(at) | byte(at + 1) << 8; }
  std::uint32_t little32(std::size_t at) const { return little16(at) | little16(at + 2) << 16; }
  bool has(std::size_t at, std::string_view text) const {
    if (at > file.size() || file.size() - at < text.size()) return false;
    return std::equal(text.begin(), text.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char letter, std::byte b) { return static_cast<std::byte>(letter) == b; });
  }
};

/// Throws DataError for more pixels than are allowed, or than `bytes` of compressed pixels can hold at `densest` pixels
/// per byte.
inline void check_pixels(std::int64_t height, std::int64_t width, std::uint64_t bytes, double densest, const ImageLimits& limits) {
  constexpr std::int64_t longest_side = 65535;
  const auto size = [&] { return message(width, " × ", height); };
  if (height < 1 || width < 1) throw DataError(message("announces ", size(), " pixels, which is no image"));
  if (width > longest_side || height > longest_side || width > limits.max_pixels / height)
    throw DataError(message("announces ", size(), " pixels, more than the ", limits.max_pixels, " allowed or than ", longest_side,
                            " along a side; raise .limits.max_pixels if it is no trick"));
  if (static_cast<double>(height) * static_cast<double>(width) > densest * (static_cast<double>(bytes) + 64))
    throw DataError(message("announces ", size(), " pixels, more than its ", bytes, " bytes of them can hold"));
}

/// https://www.w3.org/TR/png/ : the chunks follow one another to IEND, and their check values are right.
inline ImageHeader check_png(const ImageBytes& bytes, const ImageLimits& limits) {
  std::size_t at = 8;
  std::uint64_t packed = 0;
  for (bool first = true, last = false; !last; first = false) {
    const std::size_t length = bytes.big32(at), left = bytes.file.size() - at;
    const bool critical = (bytes.byte(at + 4) & 0x20) == 0;
    if (left < 12 || length > left - 12) throw DataError("is truncated: a chunk of its PNG ends behind the file's end");
    if (first != bytes.has(at + 4, "IHDR") || (first && length != 13)) throw DataError("is damaged: a PNG begins with one IHDR chunk of 13 bytes");
    if (critical && crc32(bytes.file.subspan(at + 4, length + 4)) != bytes.big32(at + 8 + length))
      throw DataError("is damaged: a chunk of its PNG has the wrong check value");
    if (bytes.has(at + 4, "IDAT")) packed += length;
    last = bytes.has(at + 4, "IEND");
    at += length + 12;
  }
  const std::uint32_t width = bytes.big32(16), height = bytes.big32(20), depth = bytes.byte(24), color = bytes.byte(25);
  const bool any_depth = depth == 1 || depth == 2 || depth == 4;
  if (!(depth == 8 || (depth == 16 && color != 3) || (any_depth && (color == 0 || color == 3))) || color > 6 || color == 1 || color == 5)
    throw DataError(message("is damaged: a PNG cannot have ", depth, " bits and the colour type ", color));
  constexpr std::uint32_t channels[] = {1, 0, 3, 1, 2, 0, 4};
  const double bits = static_cast<double>(depth * channels[color]);
  check_pixels(height, width, packed, 1032 * 8 / bits, limits);  // DEFLATE packs 258 bytes in 2 bits at best
  return {ImageFormat::png, height, width, depth == 16};
}

/// The Huffman tables of a DHT segment fit the decoder's: codes of no length are more than that length has.
inline void check_huffman_tables(const ImageBytes& bytes, std::size_t at, std::size_t end) {
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
    if (symbols > 256 || symbols > end - at - 17) throw DataError("is damaged: a Huffman table of its JPEG is too large");
    at += 17 + symbols;
  }
}

/// Where the next marker stands in a scan's data: 0xFF, neither stuffed nor a restart's.
inline std::size_t find_marker(const ImageBytes& bytes, std::size_t at) {
  for (;; ++at) {
    if (bytes.byte(at) != 0xFF) continue;
    const std::uint32_t next = bytes.byte(at + 1);
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
}

/// What a frame's segment says. Throws DataError for frames that the decoder does not know, by name.
inline ImageHeader check_frame(const ImageBytes& bytes, std::size_t at, std::uint32_t marker, const ImageLimits& limits) {
  const std::uint32_t depth = bytes.byte(at + 4), components = bytes.byte(at + 9);
  if (marker != 0xC0 && marker != 0xC1 && marker != 0xC2)
    throw DataError(marker == 0xC3 ? "is a lossless JPEG, which cannot be decoded; store it as PNG"
                                   : "is an arithmetically coded or hierarchical JPEG, which cannot be decoded; store it as PNG");
  if (depth != 8) throw DataError(message("is a JPEG of ", depth, " bits, which cannot be decoded; store it as PNG"));
  if (components == 4) throw DataError("is a CMYK JPEG, which cannot be decoded; convert it to RGB");
  if (components != 1 && components != 3) throw DataError(message("is damaged: a JPEG has no ", components, " components"));
  const ImageHeader header{ImageFormat::jpeg, bytes.big16(at + 5), bytes.big16(at + 7)};
  check_pixels(header.height, header.width, bytes.file.size(), 512, limits);  // a bit for a block of 8 × 8 at best
  return header;
}

/// ITU T.81: segments follow one another to EOI, one frame among them, and tables are sound.
inline ImageHeader check_jpeg(const ImageBytes& bytes, const ImageLimits& limits) {
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
    if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD8)) throw DataError("is damaged: its JPEG has a marker out of place");
    const std::size_t length = bytes.big16(at + 2), end = at + 2 + length;
    if (length < 2 || end > bytes.file.size()) throw DataError("is truncated: a segment of its JPEG ends behind the file's end");
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

/// Bitmaps of Windows and OS/2, whose rows are all in the file, and every colour in the palette.
inline ImageHeader check_bmp(const ImageBytes& bytes, const ImageLimits& limits) {
  const std::size_t first = bytes.little32(10), header_size = bytes.little32(14);
  const bool old = header_size == 12;
  if (!old && header_size != 40 && header_size != 56 && header_size != 108 && header_size != 124)
    throw DataError(message("is a BMP whose header has ", header_size, " bytes, which is unknown"));
  const std::int64_t width = old ? std::int64_t{bytes.little16(18)} : static_cast<std::int32_t>(bytes.little32(18));
  const std::int64_t signed_height = old ? std::int64_t{bytes.little16(20)} : static_cast<std::int32_t>(bytes.little32(22));
  const std::int64_t height = signed_height < 0 ? -signed_height : signed_height;
  const std::uint32_t bits = bytes.little16(old ? 24 : 28), compression = old ? 0 : bytes.little32(30);
  if (compression == 1 || compression == 2) throw DataError("is a run-length encoded BMP, which cannot be decoded; store it as PNG");
  if (compression != 0 && !(compression == 3 && (bits == 16 || bits == 32)))
    throw DataError(message("is a BMP of the compression ", compression, ", which cannot be decoded; store it as PNG"));
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
    throw DataError(message("is damaged: a BMP has no ", bits, " bits per pixel"));
  check_pixels(height, width, bytes.file.size(), 8, limits);
  const std::size_t stride = (static_cast<std::size_t>(width) * bits + 31) / 32 * 4, rows = static_cast<std::size_t>(height);
  if (first < 14 + header_size) throw DataError("is damaged: the pixels of its BMP begin within the header");
  if (first > bytes.file.size() || bytes.file.size() - first < stride * rows) throw DataError("is truncated: rows of its BMP are missing");
  if (bits > 8) return {ImageFormat::bmp, height, width};
  const std::size_t colors = (first - 14 - header_size) / (old ? 3 : 4);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < static_cast<std::size_t>(width); ++i) {
      const std::uint32_t byte = bytes.byte(first + row * stride + i * bits / 8);
      if ((byte >> (8 - bits - i * bits % 8) & ((1U << bits) - 1)) >= colors) throw DataError("is damaged: its BMP has a colour that is not in the palette");
    }
  return {ImageFormat::bmp, height, width};
}

}  // namespace detail

/// What an image file says of itself, from its bytes; no memory is taken. So much of its structure is checked that a
/// decoder needs memory in proportion to the pixels, and reads nothing that is not there: whatever is announced has to be
/// within the limits, and possible for a file of that length. Throws DataError.
inline ImageHeader read_image_header(std::span<const std::byte> file, const ImageLimits& limits) {
  const detail::ImageBytes bytes{file};
  if (file.empty()) throw DataError("is empty");
  if (file.size() > limits.max_bytes)
    throw DataError(message("has ", file.size(), " bytes, more than the ", limits.max_bytes, " allowed; raise .limits.max_bytes if it may"));
  if (bytes.has(0, "\x89PNG\r\n\x1A\n")) return detail::check_png(bytes, limits);
  if (bytes.has(0, "\xFF\xD8")) return detail::check_jpeg(bytes, limits);
  if (bytes.has(0, "BM")) return detail::check_bmp(bytes, limits);
  const char* others[][2] = {{"GIF8", "a GIF"}, {"II*", "a TIFF"}, {"MM", "a TIFF"}, {"RIFF", "a WebP"}, {"8BPS", "a Photoshop"}};
  for (const auto& [begin, what] : others)
    if (bytes.has(0, begin)) throw DataError(message("is ", what, " image by its first bytes; expects PNG, JPEG or BMP"));
  throw DataError("is no PNG, JPEG or BMP image by its first bytes");
}

}  // namespace lamina
