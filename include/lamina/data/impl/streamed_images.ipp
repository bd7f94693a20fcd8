#pragma once

#include "../streamed_images.hpp"

#include <cstring>
#include <utility>

#include "../../core/checksum.hpp"
#include "../../core/error.hpp"
#include "../../core/printable.hpp"
#include "../../core/random_access_file.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The number of files that are read ahead.
inline constexpr Index streamed_ahead = 64;

LAMINA_FUNC StreamedImages::StreamedImages(std::vector<std::filesystem::path> files, ImageDecoder decoder, const ImageOptions& options)
    : BlockSource(std::ssize(files), 1, std::ssize(files), streamed_ahead), files_(std::move(files)),
      decoder_(std::move(decoder)), options_(options) {}

LAMINA_FUNC void StreamedImages::copy(Index i, std::byte* values) const {
  const std::filesystem::path& file = files_[static_cast<std::size_t>(i)];
  try {
    const auto image = decode_image(file, decoder_, options_).pixels;
    std::memcpy(values, image.data(), static_cast<std::size_t>(image.size()));
  } catch (const DataError& error) {
    throw DataError(str_cat(printable(file.string()), ": ", error.what()));
  }
}

LAMINA_FUNC void StreamedImages::bring(Index block) const {
  const RandomAccessFile file(files_[static_cast<std::size_t>(block)]);
  file.will_read(0, file.size());
}

LAMINA_FUNC std::uint64_t StreamedImages::digest() const {
  Checksum digest;
  const Index numbers[]{(*options_.size)[0], (*options_.size)[1], static_cast<Index>(options_.colors),
                        static_cast<Index>(options_.exif_orientation)};
  digest.add(std::as_bytes(std::span(numbers))).add(std::as_bytes(std::span(options_.background)));
  for (const auto& file : files_) {
    std::error_code unknown;
    const std::uintmax_t size[]{std::filesystem::file_size(file, unknown)};
    digest.add(file.parent_path().filename().string()).add(file.filename().string()).add(std::as_bytes(std::span(size)));
  }
  return digest.value();
}

}  // namespace lamina::detail
