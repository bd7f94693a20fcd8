#pragma once

#include <filesystem>
#include <lamina/core/error.hpp>
#include <lamina/core/write_file.hpp>
#include <lamina/data/image.hpp>
#include <sstream>
#include <string>

/// Decodes images of the tests' own format, "H W C value step": the first pixel is `value`, and each next one is more by the
/// step, which is 0 where it is left out.
inline lamina::Tensor<std::uint8_t, 3> decode(std::span<const std::byte> file, const lamina::ImageLimits&) {
  std::istringstream text(std::string(reinterpret_cast<const char*>(file.data()), file.size()));
  lamina::Index H = 0, W = 0, C = 0, value = 0, step = 0;
  if (!(text >> H >> W >> C >> value)) throw lamina::DataError("is not of this test's format");
  text >> step;
  lamina::Tensor<std::uint8_t, 3> pixels(H, W, C);
  for (lamina::Index i = 0; i < pixels.size(); ++i) pixels.data()[i] = static_cast<std::uint8_t>(value + step * i);
  return pixels;
}

/// Writes a file, and its folders if they are missing.
inline void put(const std::filesystem::path& file, const std::string& text = {}) {
  std::filesystem::create_directories(file.parent_path());
  lamina::write_file(file, std::as_bytes(std::span(text)));
}
