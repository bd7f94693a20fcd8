#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "../core/text.hpp"
#include "../core/thread_pool.hpp"
#include "dataset.hpp"
#include "image.hpp"
#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE {

enum class DecodeErrorPolicy { refuse, skip };

using Undecodable [[deprecated("Undecodable is called DecodeErrorPolicy now")]] = DecodeErrorPolicy;

/// The options of `image_folder`.
struct ImageFolderOptions {
  Colors colors = Colors::rgb;                                ///< see ImageOptions
  std::optional<Shape<2>> size{};                             ///< (H, W) of every image; without it, all images must have one size
  std::array<std::uint8_t, 3> background{255, 255, 255};      ///< RGB behind transparent pixels
  DecodeErrorPolicy undecodable = DecodeErrorPolicy::refuse;  ///< for files that cannot be read or decoded
  Index threads = hardware_threads();                         ///< changes the time, not one bit of the result
  ImageLimits limits{};                                       ///< of each file
  std::size_t max_total_bytes = std::size_t{1} << 33;         ///< of all pixels together
  ExifOrientation exif_orientation = ExifOrientation::apply;  ///< ignore keeps photographs as they are stored
  std::vector<std::string> class_names{};  ///< the classes, in this order; else every folder with images, by name

  /// Decodes every image whenever it is used, by the threads that use it, instead of holding all in memory. Needs .size. A
  /// file that cannot be decoded is then an error when it is used; to skip such files, all are decoded once beforehand.
  bool streamed = false;
};

/// An image file that was left out, and the reason.
struct SkippedImage {
  std::filesystem::path file;
  std::string reason;
};

/// A data set read from a folder of images, with the files that were skipped and the warnings.
struct ImageFolder {
  Dataset<3> data;                           // bytes (N, H, W, C), a class number for each, the classes' names
  std::vector<std::filesystem::path> files;  // of each sample
  std::vector<SkippedImage> skipped;
  std::vector<std::string> warnings;
  Index turned = 0;  // number of images rotated by their EXIF orientation; not counted of streamed ones

  /// Writes "3,078 images of 10 classes, (28, 28, 1) each; 2 skipped", and a line for each skipped file and each warning.
  /// The first line also counts rotated images.
  friend std::ostream& operator<<(std::ostream& out, const ImageFolder& folder) {
    out << format_count(folder.data.size()) << " images of " << folder.data.classes() << " classes, "
        << folder.data.sample_shape() << " each; " << folder.skipped.size() << " skipped";
    if (folder.turned > 0) out << "; " << format_count(folder.turned) << " turned by their EXIF orientation";
    out << '\n';
    for (const auto& [file, reason] : folder.skipped) out << "skipped " << printable(file.string()) << ": " << printable(reason) << '\n';
    for (const std::string& warning : folder.warnings) out << "warning: " << printable(warning) << '\n';
    return out;
  }
};

namespace detail {

/// Returns the options of each image.
inline ImageOptions image_options(const ImageFolderOptions& options) {
  return {options.colors, options.size, options.background, options.limits, options.exif_orientation};
}

/// A parallel decoder of image files into one tensor.
class ImageLoading {
 public:
  ImageLoading(const std::vector<std::filesystem::path>& files, const ImageDecoder& decoder,
               const ImageFolderOptions& options)
      : files_(files),
        decoder_(decoder),
        options_(options),
        reasons_(files.size()),
        sizes_(files.size()),
        turned_(files.size()) {}

  /// Decodes every file. Throws DataError if images have different sizes, or are too many.
  void load();

  /// Returns the reason why a file is left out; empty if it is not.
  const std::string& reason(std::size_t i) const { return reasons_[i]; }

  /// Returns the number of images that were rotated by their EXIF orientation.
  Index turned() const { return std::accumulate(turned_.begin(), turned_.end(), Index{0}); }

  /// Returns the pixels (N, H, W, C), including files that are left out.
  Tensor<std::uint8_t, 4>& pixels() { return pixels_; }

 private:
  void prepare(const Shape<2>& size);

  /// Decodes file i. Returns whether that succeeded. If there is no size yet, its size becomes that of all images.
  bool decode(std::size_t i);

  void check_sizes() const;

  const std::vector<std::filesystem::path>& files_;
  const ImageDecoder& decoder_;
  const ImageFolderOptions& options_;
  std::vector<std::string> reasons_;
  std::vector<Shape<2>> sizes_;
  std::vector<char> turned_;  // 0 or 1 for each file
  std::optional<Shape<2>> size_;
  Tensor<std::uint8_t, 4> pixels_;
};

/// Throws DataError, which names at most ten of the files that cannot be decoded.
[[noreturn]] void refuse_undecodable(const std::vector<SkippedImage>& skipped, const char* remedy);

}  // namespace detail

/// Reads a folder that has one subfolder of images per class: PNG, JPEG, BMP. Classes are the subfolders' names in
/// bytewise order, see find_class_folders, or .class_names. With data/images.hpp, which has a decoder, the decoder can be
/// left out.
///
/// Throws OptionError, and DataError if the layout is different, images differ in size and no size is given, or nothing
/// can be decoded. Unless undecodable files are to be skipped, it also throws DataError if any file fails, with each reason.
///
///   #include <lamina/data/images.hpp>                                        // link lamina::images
///   const ImageFolder found = image_folder("digits", {.colors = Colors::grey, .size = {{28, 28}}});
///   std::cout << found;                                                      // what was read, and what was not
ImageFolder image_folder(const std::filesystem::path& folder, const ImageDecoder& decoder,
                                const ImageFolderOptions& options);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/image_folder.ipp"
#endif
