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

#include "../core/crew.hpp"
#include "../core/text.hpp"
#include "dataset.hpp"
#include "image.hpp"
#include "image_bytes.hpp"

namespace LAMINA_NAMESPACE {

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
  ExifOrientation exif_orientation = ExifOrientation::apply;  ///< ignore keeps photographs as they are stored
  std::vector<std::string> class_names{};  ///< the classes, in this order; else every folder with images, by name
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
  Index turned = 0;  // how many images were turned by their EXIF orientation

  /// Written as "3,078 images of 10 classes, (28, 28, 1) each; 2 skipped", and a line for each thing skipped or warned
  /// of. Images that were turned are counted in the first line.
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

/// The options of each image.
inline ImageOptions image_options(const ImageFolderOptions& options) {
  return {options.colors, options.size, options.background, options.limits, options.exif_orientation};
}

/// The images of some files, decoded side by side into one tensor.
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

  /// Decodes every file. Throws DataError when images are not of one size, or too many.
  void load();

  /// Why a file is left out, or nothing.
  const std::string& reason(std::size_t i) const { return reasons_[i]; }

  /// The number of images that were turned by their EXIF orientation.
  Index turned() const { return std::accumulate(turned_.begin(), turned_.end(), Index{0}); }

  /// The pixels (N, H, W, C), files that are left out among them.
  Tensor<std::uint8_t, 4>& pixels() { return pixels_; }

 private:
  void prepare(const Shape<2>& size);

  /// Whether file i could be decoded. Without a size so far, its own is everyone's.
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

/// Throws DataError that names files which cannot be decoded, ten at most.
[[noreturn]] void refuse_undecodable(const std::vector<SkippedImage>& skipped, const char* remedy);

}  // namespace detail

/// Reads a folder that holds a folder for each class, the images in it: PNG, JPEG, BMP. Classes are the folders' names
/// in the order of their bytes, see find_class_folders, or .class_names. With data/images.hpp, which decodes them, the
/// decoder can be left out. Throws OptionError; DataError when the layout is another, images differ in size and no size
/// is given, nothing can be decoded, or, unless they are to be skipped, any file cannot, each named with the reason.
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
