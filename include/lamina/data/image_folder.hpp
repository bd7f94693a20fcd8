#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "../core/crew.hpp"
#include "../core/text.hpp"
#include "class_folders.hpp"
#include "dataset.hpp"
#include "image.hpp"

namespace lamina {

enum class Undecodable { refuse, skip };

/// How a folder of images is read.
struct ImageFolderOptions {
  Colors colors = Colors::rgb;                            ///< see ImageOptions
  std::optional<Shape<2>> size{};                         ///< (H, W) of every image; without it, all must be alike
  std::array<std::uint8_t, 3> background{255, 255, 255};  ///< RGB behind what is transparent
  Undecodable undecodable = Undecodable::refuse;          ///< what happens to files that cannot be read or decoded
  Index threads = hardware_threads();                     ///< changes the time it takes, not a bit of the result
  ImageLimits limits{};                                   ///< of each file
  std::size_t max_total_bytes = std::size_t{1} << 33;     ///< of all pixels together
};

/// An image file that was left out.
struct SkippedImage {
  std::filesystem::path file;
  std::string reason;
};

/// A folder of images as a data set, and what there is to say of it.
struct ImageFolder {
  Dataset<3> data;                           // bytes (N, H, W, C), a class number for each, the classes' names
  std::vector<std::filesystem::path> files;  // of each sample
  std::vector<SkippedImage> skipped;
  std::vector<std::string> warnings;

  /// Written as "3,078 images of 10 classes, (28, 28, 1) each; 2 skipped", and a line for each thing skipped or warned
  /// of.
  friend std::ostream& operator<<(std::ostream& out, const ImageFolder& folder) {
    out << format_count(folder.data.size()) << " images of " << folder.data.classes() << " classes, "
        << folder.data.sample_shape() << " each; " << folder.skipped.size() << " skipped\n";
    for (const auto& [file, reason] : folder.skipped) out << "skipped " << file.string() << ": " << reason << '\n';
    for (const std::string& warning : folder.warnings) out << "warning: " << warning << '\n';
    return out;
  }
};

namespace detail {

/// The images of some files, decoded side by side into one tensor.
class ImageLoading {
 public:
  ImageLoading(const std::vector<std::filesystem::path>& files, const ImageDecoder& decoder,
               const ImageFolderOptions& options)
      : files_(files), decoder_(decoder), options_(options), reasons_(files.size()), sizes_(files.size()) {}

  /// Decodes every file. Throws DataError when images are not of one size, or too many.
  void load() {
    std::size_t first = 0;
    if (options_.size) {
      prepare(*options_.size);
    } else {
      while (first < files_.size() && !decode(first)) ++first;  // whose size is all images'
      if (first == files_.size()) return;
      ++first;
    }
    Crew crew(std::clamp<Index>(std::ssize(files_), 1, options_.threads));
    std::atomic<std::size_t> next{first};
    crew.run([&](Index) {
      for (std::size_t i = next++; i < files_.size(); i = next++) decode(i);
    });
    check_sizes();
  }

  /// Why a file is left out, or nothing.
  const std::string& reason(std::size_t i) const { return reasons_[i]; }

  /// The pixels (N, H, W, C), files that are left out among them.
  Tensor<std::uint8_t, 4>& pixels() { return pixels_; }

 private:
  void prepare(const Shape<2>& size) {
    const Shape<4> all{std::ssize(files_), size[0], size[1], Index{options_.colors == Colors::grey ? 1 : 3}};
    if (!all.is_countable() || static_cast<std::size_t>(all.size()) > options_.max_total_bytes)
      throw DataError(message("image_folder: ", files_.size(), " images of ", size[1], " × ", size[0],
                              " pixels take more than the ", options_.max_total_bytes,
                              " bytes allowed; give a smaller .size or raise .max_total_bytes"));
    pixels_.resize(all.extents);
    size_ = size;
  }

  /// Whether file i could be decoded. Without a size so far, its own is everyone's.
  bool decode(std::size_t i) {
    try {
      const auto image =
          decode_image(files_[i], decoder_, {options_.colors, options_.size, options_.background, options_.limits});
      sizes_[i] = {image.dimension(0), image.dimension(1)};
      if (!size_) prepare(sizes_[i]);
      if (sizes_[i] == *size_)
        std::copy_n(image.data(), image.size(), pixels_.data() + static_cast<Index>(i) * image.size());
    } catch (const std::bad_alloc&) {
      reasons_[i] = "needs more memory than there is";
    } catch (const std::exception& error) {
      reasons_[i] = error.what();
      if (reasons_[i].starts_with("image_folder: ")) throw;  // not this file's fault
    }
    return reasons_[i].empty();
  }

  void check_sizes() const {
    const auto text = [](const Shape<2>& size) { return message(size[1], " × ", size[0]); };
    std::size_t first = 0;
    while (first < files_.size() && !reasons_[first].empty()) ++first;
    for (std::size_t i = first; i < files_.size(); ++i)
      if (reasons_[i].empty() && sizes_[i] != *size_)
        throw DataError(message("image_folder: ", files_[first].string(), " has ", text(sizes_[first]), " pixels but ",
                                files_[i].string(), " has ", text(sizes_[i]), "; give .size = {", (*size_)[0], ", ",
                                (*size_)[1], "} to resize all"));
  }

  const std::vector<std::filesystem::path>& files_;
  const ImageDecoder& decoder_;
  const ImageFolderOptions& options_;
  std::vector<std::string> reasons_;
  std::vector<Shape<2>> sizes_;
  std::optional<Shape<2>> size_;
  Tensor<std::uint8_t, 4> pixels_;
};

/// Throws DataError that names files which cannot be decoded, ten at most.
[[noreturn]] inline void refuse_undecodable(const std::vector<SkippedImage>& skipped, const char* remedy) {
  std::string text =
      message("image_folder: ", skipped.size(), skipped.size() == 1 ? " file" : " files", " cannot be decoded", remedy);
  for (std::size_t i = 0; i < skipped.size() && i < 10; ++i)
    text.append("\n  ").append(skipped[i].file.string()).append(": ").append(skipped[i].reason);
  throw DataError(skipped.size() > 10 ? text.append("\n  …") : text);
}

}  // namespace detail

/// Reads a folder that holds a folder for each class, the images in it: PNG, JPEG, BMP. Classes are the folders' names
/// in the order of their bytes, see find_class_folders. With data/images.hpp, which decodes them, the decoder can be
/// left out. Throws OptionError; DataError when the layout is another, images differ in size and no size is given,
/// nothing can be decoded, or, unless they are to be skipped, any file cannot, each named with the reason.
///
///   #include <lamina/data/images.hpp>                                        // link lamina::images
///   const auto [data, files, skipped, warnings] = image_folder("digits", {.colors = Colors::grey, .size = {{28,
///   28}}});
inline ImageFolder image_folder(const std::filesystem::path& folder, const ImageDecoder& decoder,
                                const ImageFolderOptions& options) {
  detail::check_image_options("image_folder", decoder,
                              {options.colors, options.size, options.background, options.limits});
  if (options.threads < 1)
    throw OptionError(message("image_folder: expects .threads of at least 1 but got ", options.threads));
  ClassFolders found = find_class_folders(folder);
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
  if (!skipped.empty() && options.undecodable == Undecodable::refuse)
    detail::refuse_undecodable(skipped, "; .undecodable = Undecodable::skip leaves them out");
  for (std::size_t k = 0; k < counts.size(); ++k)
    if (counts[k] == 0 && std::ranges::find(found.labels, static_cast<std::int32_t>(k)) != found.labels.end())
      found.warnings.push_back(
          message((folder / found.class_names[k]).string(), ": none of this class's images could be decoded"));
  auto pixels = skipped.empty() ? std::move(loading.pixels()) : detail::rows(loading.pixels(), kept);
  return {Dataset<3>(std::move(pixels), std::move(labels), {.class_names = std::move(found.class_names)}),
          std::move(files), std::move(skipped), std::move(found.warnings)};
}

}  // namespace lamina
