#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "block_source.hpp"
#include "image.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Image files that are decoded whenever they are used. Each is a block of its own, so that an epoch shuffles all of them.
class StreamedImages final : public BlockSource {
 public:
  /// Takes the files and the options, which have a size.
  StreamedImages(std::vector<std::filesystem::path> files, ImageDecoder decoder, const ImageOptions& options);

  void copy(Index i, std::byte* values) const override;
  void bring(Index block) const override;
  void drop(Index) const override {}

  /// Returns a check value of the options and of the files' names and sizes.
  std::uint64_t digest() const override;

 private:
  std::vector<std::filesystem::path> files_;
  ImageDecoder decoder_;
  ImageOptions options_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/streamed_images.ipp"
#endif
