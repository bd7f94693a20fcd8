#pragma once

#include "../image_folder.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "../class_folders.hpp"
#include "../resize.hpp"
#include "../streamed_images.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void ImageLoading::load() {
  std::size_t first = 0;
  if (options_.size) {
    prepare(*options_.size);
  } else {
    while (first < files_.size() && !decode(first)) ++first;  // the first image sets the size of all
    if (first == files_.size()) return;
    ++first;
  }
  ThreadPool thread_pool(std::clamp<Index>(std::ssize(files_), 1, options_.threads));
  std::atomic<std::size_t> next{first};
  thread_pool.run([&](Index) {
    for (std::size_t i = next++; i < files_.size(); i = next++) decode(i);
  });
  check_sizes();
}

LAMINA_FUNC void ImageLoading::prepare(const Shape<2>& size) {
  const Shape<4> all{std::ssize(files_), size[0], size[1], Index{options_.colors == Colors::grey ? 1 : 3}};
  if (!all.is_countable() || static_cast<std::size_t>(all.size()) > options_.max_total_bytes)
    throw DataError(str_cat("image_folder: ", files_.size(), " images of ", size[1], " × ", size[0],
                            " pixels take more than the ", options_.max_total_bytes,
                            " bytes allowed; give a smaller .size or raise .max_total_bytes"));
  pixels_.resize(all.extents);
  size_ = size;
}

LAMINA_FUNC bool ImageLoading::decode(std::size_t i) {
  try {
    const auto [image, is_turned] = decode_image(files_[i], decoder_, image_options(options_));
    turned_[i] = is_turned;
    sizes_[i] = {image.dimension(0), image.dimension(1)};
    if (!size_) prepare(sizes_[i]);
    if (sizes_[i] == *size_)
      std::copy_n(image.data(), image.size(), pixels_.data() + static_cast<Index>(i) * image.size());
  } catch (const std::bad_alloc&) {
    reasons_[i] = "needs more memory than there is";
  } catch (const std::exception& error) {
    reasons_[i] = error.what();
    if (reasons_[i].starts_with("image_folder: ")) throw;  // not an error of this file
  }
  return reasons_[i].empty();
}

LAMINA_FUNC void ImageLoading::check_sizes() const {
  const auto text = [](const Shape<2>& size) { return str_cat(size[1], " × ", size[0]); };
  std::size_t first = 0;
  while (first < files_.size() && !reasons_[first].empty()) ++first;
  for (std::size_t i = first; i < files_.size(); ++i)
    if (reasons_[i].empty() && sizes_[i] != *size_)
      throw DataError(str_cat("image_folder: ", printable(files_[first].string()), " has ", text(sizes_[first]), " pixels but ",
                              printable(files_[i].string()), " has ", text(sizes_[i]), "; give .size = {{", (*size_)[0], ", ",
                              (*size_)[1], "}} to resize all"));
}

LAMINA_FUNC void refuse_undecodable(const std::vector<SkippedImage>& skipped, const char* remedy) {
  std::string text =
      str_cat("image_folder: ", skipped.size(), skipped.size() == 1 ? " file" : " files", " cannot be decoded", remedy);
  for (std::size_t i = 0; i < skipped.size() && i < 10; ++i)
    text.append("\n  ").append(printable(skipped[i].file.string())).append(": ").append(skipped[i].reason);
  throw DataError(skipped.size() > 10 ? text.append("\n  …") : text);
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns the reason why each image cannot be decoded, or an empty text.
LAMINA_FUNC std::vector<std::string> decode_errors(const StreamedImages& images, std::size_t bytes, Index threads) {
  std::vector<std::string> reasons(static_cast<std::size_t>(images.size()));
  ThreadPool thread_pool(std::clamp<Index>(images.size(), 1, threads));
  std::vector<std::vector<std::byte>> rooms(static_cast<std::size_t>(thread_pool.size()), std::vector<std::byte>(bytes));
  thread_pool.parallel_for(images.size(), [&](Index worker, Index i) {
    try {
      images.copy(i, rooms[static_cast<std::size_t>(worker)].data());
    } catch (const std::exception& error) {
      reasons[static_cast<std::size_t>(i)] = error.what();
    }
  });
  return reasons;
}

/// Makes the data set of image_folder with .streamed.
LAMINA_FUNC ImageFolder stream_folder(ClassFolders&& found, const ImageDecoder& decoder, const ImageFolderOptions& options) {
  if (!options.size)
    throw OptionError("image_folder: .streamed needs the .size = {{H, W}} of every image, because none is decoded beforehand");
  const Shape<3> sample{(*options.size)[0], (*options.size)[1], Index{options.colors == Colors::grey ? 1 : 3}};
  std::vector<SkippedImage> skipped;
  if (options.undecodable == DecodeErrorPolicy::skip) {
    const auto reasons = decode_errors({found.files, decoder, image_options(options)}, static_cast<std::size_t>(sample.size()), options.threads);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      if (!reasons[i].empty()) {
        skipped.push_back({found.files[i], reasons[i].substr((std::min)(reasons[i].size(), printable(found.files[i].string()).size() + 2))});
        continue;
      }
      found.files[kept] = found.files[i];
      found.labels[kept++] = found.labels[i];
    }
    found.files.resize(kept);
    found.labels.resize(kept);
    if (kept == 0) refuse_undecodable(skipped, ", all there are");
  }
  auto source = std::make_shared<const StreamedImages>(found.files, decoder, image_options(options));
  return {Dataset<3>(std::move(source), true, sample, std::move(found.labels), {.class_names = std::move(found.class_names)}),
          std::move(found.files), std::move(skipped), std::move(found.warnings)};
}

}  // namespace detail

LAMINA_FUNC ImageFolder image_folder(const std::filesystem::path& folder, const ImageDecoder& decoder,
                                const ImageFolderOptions& options) {
  detail::check_image_options("image_folder", decoder, detail::image_options(options));
  if (options.threads < 1)
    throw OptionError(str_cat("image_folder: expects .threads of at least 1 but got ", options.threads));
  detail::ClassFolders found = detail::find_class_folders(folder, options.class_names);
  if (options.streamed) return detail::stream_folder(std::move(found), decoder, options);
  detail::ImageLoading loading(found.files, decoder, options);
  loading.load();

  std::vector<Index> kept;
  std::vector<std::int32_t> labels;
  std::vector<std::filesystem::path> files;
  std::vector<SkippedImage> skipped;
  std::vector<Index> counts(found.class_names.size());
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    if (!loading.reason(i).empty()) {
      skipped.push_back({found.files[i], loading.reason(i)});
      continue;
    }
    kept.push_back(static_cast<Index>(i));
    labels.push_back(found.labels[i]);
    files.push_back(found.files[i]);
    ++counts[static_cast<std::size_t>(found.labels[i])];
  }
  if (kept.empty()) detail::refuse_undecodable(skipped, ", all there are");
  if (!skipped.empty() && options.undecodable == DecodeErrorPolicy::refuse)
    detail::refuse_undecodable(skipped, "; .undecodable = DecodeErrorPolicy::skip leaves them out");
  for (std::size_t k = 0; k < counts.size(); ++k)
    if (counts[k] == 0 && std::ranges::find(found.labels, static_cast<std::int32_t>(k)) != found.labels.end())
      found.warnings.push_back(
          str_cat(printable((folder / found.class_names[k]).string()), ": none of this class's images could be decoded"));
  auto pixels = skipped.empty() ? std::move(loading.pixels()) : detail::rows(loading.pixels(), kept);
  return {Dataset<3>(std::move(pixels), std::move(labels), {.class_names = std::move(found.class_names)}),
          std::move(files), std::move(skipped), std::move(found.warnings), loading.turned()};
}

}  // namespace lamina
