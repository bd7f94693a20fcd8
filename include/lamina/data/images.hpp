#pragma once

// This header decodes image files with stb_image. Link lamina::images. No other header of lamina includes it: it takes a
// second or two to compile, and every source file that includes it has its own copy of the decoder.
//
// stb_image has open faults that are fixed slowly, and distributions ship old versions. So files are first read into
// memory and their structure is checked by read_image_header; the decoder's memory is limited and cleared. For images
// from untrusted sources another decoder can be used: see ImageDecoder.

#include <climits>
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif
#if defined(_MSC_VER)
#include <intrin.h>
#endif

#include "bmp_structure.hpp"
#include "image_bytes.hpp"
#include "image_folder.hpp"
#include "image_header.hpp"
#include "jpeg_structure.hpp"
#include "png.hpp"
#include "resize.hpp"

namespace LAMINA_NAMESPACE::detail {
namespace {

/// The number of bytes that the decoder may hold on this thread, and holds now. It has no other way to be limited.
thread_local std::size_t stb_budget = 0, stb_held = 0;

/// The room before each block of memory, which stores the block's size.
constexpr std::size_t stb_margin = alignof(std::max_align_t);

/// Allocates cleared memory, because old versions read what damaged files leave unwritten.
[[maybe_unused]] void* allocate_for_stb(std::size_t size) {
  if (stb_held > stb_budget || size > stb_budget - stb_held) return nullptr;
  auto* const memory = static_cast<std::byte*>(std::calloc(1, stb_margin + size));
  if (!memory) return nullptr;
  stb_held += size;
  std::memcpy(memory, &size, sizeof size);
  return memory + stb_margin;
}

[[maybe_unused]] void free_for_stb(void* memory) {
  if (!memory) return;
  auto* const begin = static_cast<std::byte*>(memory) - stb_margin;
  std::size_t size = 0;
  std::memcpy(&size, begin, sizeof size);
  stb_held -= size;
  std::free(begin);
}

[[maybe_unused]] void* reallocate_for_stb(void* memory, std::size_t old_size, std::size_t new_size) {
  void* const larger = allocate_for_stb(new_size);
  if (!larger) return nullptr;
  if (memory) std::memcpy(larger, memory, (std::min)(old_size, new_size));
  free_for_stb(memory);
  return larger;
}

}  // namespace
}  // namespace lamina::detail

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#if defined(__clang__)
// Damaged files overflow sums and shifts. Their results are useless but harmless.
#pragma clang attribute push(__attribute__((no_sanitize("signed-integer-overflow", "shift"))), apply_to = function)
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("wrapv")
#endif
#include "stb_image.inc"
#if defined(__clang__)
#pragma clang attribute pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace LAMINA_NAMESPACE {

namespace detail {

namespace {

/// Returns a PNG that read_image_header accepted with palettes of all 256 colours; missing colours become black. For
/// those stb_image would return old memory. Returns nothing if there is no palette.
[[maybe_unused]] std::vector<std::byte> with_whole_palettes(std::span<const std::byte> file) {
  const ImageBytes bytes{file};
  std::vector<std::byte> whole;
  if (bytes.byte(25) != 3) return whole;
  whole.assign(file.begin(), file.begin() + 8);
  for (std::size_t at = 8; at < file.size();) {
    const auto chunk = file.subspan(at, bytes.big32(at) + 12);
    if (bytes.has(at + 4, "PLTE") && chunk.size() < 12 + 768) {
      std::vector<std::byte> colors(chunk.begin() + 8, chunk.end() - 4);
      if (!colors.empty() && colors.size() % 3 == 0) colors.resize(768);
      append_chunk(whole, "PLTE", colors);
    } else {
      whole.insert(whole.end(), chunk.begin(), chunk.end());
    }
    if (bytes.has(at + 4, "IEND")) break;
    at += chunk.size();
  }
  return whole;
}

}  // namespace

}  // namespace detail

/// Decodes PNG, JPEG and BMP with stb_image; it is an ImageDecoder. 16 bits are rounded to 8; gamma and colour profiles
/// are not applied. Throws DataError.
[[maybe_unused]] static Tensor<std::uint8_t, 3> decode_with_stb(std::span<const std::byte> file,
                                                                const ImageLimits& limits) {
  const detail::ImageHeader header = detail::read_image_header(file, limits);
  std::vector<std::byte> whole;
  if (header.format == detail::ImageFormat::png) whole = detail::with_whole_palettes(file);
  if (header.format == detail::ImageFormat::bmp) whole = detail::plain_bmp({file});
  if (header.has_stray_bytes) whole = detail::without_stray_bytes({file});
  if (!whole.empty()) file = whole;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(file.data());
  if (file.size() > static_cast<std::size_t>(INT_MAX)) throw DataError("is larger than the decoder can count");
  const int size = static_cast<int>(file.size());
  const std::size_t blocks = static_cast<std::size_t>(header.height + 32) * static_cast<std::size_t>(header.width + 32);
  detail::stb_budget = 48 * blocks + 2 * file.size() + (std::size_t{1} << 22);

  int width = 0, height = 0, channels = 0;
  void* const decoded =
      header.is_deep
          ? static_cast<void*>(detail::stb::lamina_stbi_load_16_from_memory(bytes, size, &width, &height, &channels, 0))
          : static_cast<void*>(detail::stb::lamina_stbi_load_from_memory(bytes, size, &width, &height, &channels, 0));
  if (!decoded)
    throw DataError(str_cat("is damaged or of an unknown kind: stb_image says \"",
                            detail::stb::lamina_stbi_failure_reason(), "\""));
  struct Owner {
    void* memory;
    ~Owner() { detail::free_for_stb(memory); }
  } const owner{decoded};
  Tensor<std::uint8_t, 3> pixels(Index{height}, Index{width}, Index{channels});
  if (!header.is_deep) {
    std::memcpy(pixels.data(), decoded, static_cast<std::size_t>(pixels.size()));
    return pixels;
  }
  const auto* const deep = static_cast<const std::uint16_t*>(decoded);
  std::transform(deep, deep + pixels.size(), pixels.data(),
                 [](std::uint32_t value) { return static_cast<std::uint8_t>((value * 255 + 32767) / 65535); });
  return pixels;
}

/// Calls image_folder with stb_image as the decoder.
[[maybe_unused]] static ImageFolder image_folder(const std::filesystem::path& folder,
                                                 const ImageFolderOptions& options = {}) {
  return lamina::image_folder(folder, decode_with_stb, options);
}

/// Calls read_image with stb_image as the decoder.
///
///   const auto pixels = read_image("seven.png", {.colors = Colors::grey, .size = {{28, 28}}});
[[maybe_unused]] static Tensor<std::uint8_t, 3> read_image(const std::filesystem::path& file,
                                                           const ImageOptions& options = {}) {
  return lamina::read_image(file, decode_with_stb, options);
}

/// Does the same for a file in memory.
[[maybe_unused]] static Tensor<std::uint8_t, 3> read_image(std::span<const std::byte> file,
                                                           const ImageOptions& options = {}) {
  return lamina::read_image(file, decode_with_stb, options);
}

}  // namespace lamina
