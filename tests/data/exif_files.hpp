#pragma once

#include <cstddef>
#include <cstdint>
#include <lamina/data/png.hpp>
#include <string>
#include <vector>

#include "image_files.hpp"

/// EXIF blocks, sound and not, and small images that have them.
namespace exif_files {

template <typename Array>
std::vector<std::byte> bytes_of(const Array& numbers) {
  std::vector<std::byte> bytes;
  for (const auto number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

/// An entry of a directory: the orientation as one SHORT, unless told otherwise.
struct Entry {
  int tag = 0x0112, type = 3;
  std::uint32_t count = 1;
  int value = 1;
};

struct Block {
  bool little = true;
  std::uint32_t directory = 8, says_directory = directory;
  int says_entries = -1;  // as many as there are
  std::vector<Entry> entries;
  std::uint32_t next = 0;
};

inline std::vector<std::byte> block(const Block& of) {
  std::vector<std::byte> bytes;
  const auto put = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i)
      bytes.push_back(static_cast<std::byte>(value >> 8 * (of.little ? i : size - 1 - i) & 0xFF));
  };
  for (int i = 0; i < 2; ++i) bytes.push_back(static_cast<std::byte>(of.little ? 'I' : 'M'));
  put(42, 2);
  put(of.says_directory, 4);
  bytes.resize(of.directory);
  put(static_cast<std::uint32_t>(of.says_entries < 0 ? static_cast<int>(of.entries.size()) : of.says_entries), 2);
  for (const Entry& entry : of.entries) {
    put(static_cast<std::uint32_t>(entry.tag), 2);
    put(static_cast<std::uint32_t>(entry.type), 2);
    put(entry.count, 4);
    put(static_cast<std::uint32_t>(entry.value), 2);
    put(0, 2);
  }
  put(of.next, 4);
  return bytes;
}

/// image_files::jpeg_rgb with an APP1 segment for each block.
inline std::vector<std::byte> jpeg_with(const std::vector<std::vector<std::byte>>& blocks,
                                        const std::string& name = std::string("Exif\0\0", 6)) {
  std::vector<std::byte> file = bytes_of(image_files::jpeg_rgb), segments;
  for (const auto& content : blocks) {
    const std::size_t length = 2 + name.size() + content.size();
    for (const std::size_t byte : {std::size_t{0xFF}, std::size_t{0xE1}, length >> 8, length & 0xFF})
      segments.push_back(static_cast<std::byte>(byte));
    for (const char letter : name) segments.push_back(static_cast<std::byte>(letter));
    segments.insert(segments.end(), content.begin(), content.end());
  }
  file.insert(file.begin() + 2, segments.begin(), segments.end());
  return file;
}

/// A grey PNG of 2 rows of 3 pixels, 1 to 6, with an eXIf chunk behind IHDR.
inline std::vector<std::byte> png_with(const std::vector<std::byte>& content) {
  lamina::Tensor<std::uint8_t, 3> pixels(2, 3, 1);
  for (int i = 0; i < 6; ++i) pixels.data()[i] = static_cast<std::uint8_t>(i + 1);
  std::vector<std::byte> file = lamina::encode_png(pixels), chunk;
  lamina::detail::append_chunk(chunk, "eXIf", content);
  file.insert(file.begin() + 33, chunk.begin(), chunk.end());
  return file;
}

}  // namespace exif_files
