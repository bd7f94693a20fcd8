#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE {

/// The image files of a folder that holds a folder for each class.
struct ClassFolders {
  std::vector<std::string> class_names;      // the folders' names, sorted by their bytes
  std::vector<std::filesystem::path> files;  // of all classes, class after class, sorted by their bytes
  std::vector<std::int32_t> labels;          // the class of each file
  std::vector<std::string> warnings;         // what was passed over, and why
};

namespace detail {

/// Whether a file is a PNG, a JPEG or a BMP by its name, in small or capital letters.
bool has_image_extension(const std::filesystem::path& file);

inline bool is_hidden(const std::filesystem::path& path) { return path.filename().string().starts_with('.'); }

/// What is in a folder, sorted by the names' bytes, hidden things left out. What cannot be listed is a warning.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                                      std::vector<std::string>& warnings);

/// Collects the image files of one class, from its folder and the folders in it, each of which is entered once: links
/// may lead back.
class ClassWalk {
 public:
  ClassWalk(std::vector<std::filesystem::path>& files, std::vector<std::string>& warnings)
      : files_(files), warnings_(warnings) {}

  void enter(const std::filesystem::path& folder, int depth = 0);

 private:
  std::vector<std::filesystem::path>& files_;
  std::vector<std::string>& warnings_;
  std::set<std::filesystem::path> entered_;
};

/// Says of a folder in which no classes were found what is expected.
[[noreturn]] void refuse_layout(const std::string& folder, const std::string& found);

}  // namespace detail

/// Finds the classes and image files of a folder, opening none. A class is a folder in it; images may lie in further
/// folders below. Hidden files and folders do not count. An empty class, files that are no images by name, files beside
/// the class folders, links that lead in circles and folders that cannot be listed are warnings. Throws DataError,
/// which shows the layout expected, when there is no such folder, no class, or no image.
ClassFolders find_class_folders(const std::filesystem::path& folder);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/class_folders.ipp"
#endif
