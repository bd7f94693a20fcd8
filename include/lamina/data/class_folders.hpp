#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../core/error.hpp"

namespace lamina {

/// The image files of a folder that holds a folder for each class.
struct ClassFolders {
  std::vector<std::string> class_names;      // the folders' names, sorted by their bytes
  std::vector<std::filesystem::path> files;  // of all classes, class after class, sorted by their bytes
  std::vector<std::int32_t> labels;          // the class of each file
  std::vector<std::string> warnings;         // what was passed over, and why
};

namespace detail {

/// Whether a file is a PNG, a JPEG or a BMP by its name, in small or capital letters.
inline bool has_image_extension(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  for (char& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".bmp";
}

inline bool is_hidden(const std::filesystem::path& path) { return path.filename().string().starts_with('.'); }

/// What is in a folder, sorted by the names' bytes, hidden things left out. What cannot be listed is a warning.
inline std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                                      std::vector<std::string>& warnings) {
  std::vector<std::filesystem::path> entries;
  std::error_code trouble;
  for (std::filesystem::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
       entry.increment(trouble))
    if (!is_hidden(entry->path())) entries.push_back(entry->path());
  if (trouble) warnings.push_back(message(folder.string(), ": cannot be listed: ", trouble.message()));
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.native() < b.native(); });
  return entries;
}

/// Collects the image files of one class, from its folder and the folders in it, each of which is entered once: links
/// may lead back.
class ClassWalk {
 public:
  ClassWalk(std::vector<std::filesystem::path>& files, std::vector<std::string>& warnings)
      : files_(files), warnings_(warnings) {}

  void enter(const std::filesystem::path& folder, int depth = 0) {
    std::error_code trouble;
    const auto place = std::filesystem::canonical(folder, trouble);
    if (trouble || depth > 64) {
      warnings_.push_back(
          message(folder.string(), ": passed over: ", trouble ? trouble.message() : "more than 64 folders deep"));
      return;
    }
    if (!entered_.insert(place).second) {
      warnings_.push_back(message(folder.string(), ": passed over: a link to a folder that was already read"));
      return;
    }
    std::vector<std::filesystem::path> others;
    for (const auto& entry : list_folder(folder, warnings_)) {
      if (std::filesystem::is_directory(entry, trouble))
        enter(entry, depth + 1);
      else if (has_image_extension(entry))
        files_.push_back(entry);
      else
        others.push_back(entry);
    }
    if (!others.empty())
      warnings_.push_back(message(folder.string(), ": ", others.size(), others.size() == 1 ? " file is" : " files are",
                                  " not PNG, JPEG or BMP by name and passed over: ", others[0].filename().string(),
                                  others.size() > 1 ? ", …" : ""));
  }

 private:
  std::vector<std::filesystem::path>& files_;
  std::vector<std::string>& warnings_;
  std::set<std::filesystem::path> entered_;
};

/// Says of a folder in which no classes were found what is expected.
[[noreturn]] inline void refuse_layout(const std::string& folder, const std::string& found) {
  throw DataError(message("image_folder: ", folder, ": ", found,
                          "; expects a folder for each class, the images in it:\n  ", folder, "/cat/1.png\n  ", folder,
                          "/cat/2.jpg\n  ", folder,
                          "/dog/1.png\nPNG (.png), JPEG (.jpg, .jpeg) and BMP (.bmp) are read"));
}

}  // namespace detail

/// Finds the classes and image files of a folder, opening none. A class is a folder in it; images may lie in further
/// folders below. Hidden files and folders do not count. An empty class, files that are no images by name, files beside
/// the class folders, links that lead in circles and folders that cannot be listed are warnings. Throws DataError,
/// which shows the layout expected, when there is no such folder, no class, or no image.
inline ClassFolders find_class_folders(const std::filesystem::path& folder) {
  std::error_code trouble;
  const std::string name = folder.string();
  if (!std::filesystem::exists(folder, trouble)) detail::refuse_layout(name, "there is no such folder");
  if (!std::filesystem::is_directory(folder, trouble)) detail::refuse_layout(name, "is a file");
  ClassFolders found;
  std::size_t beside = 0;
  for (const auto& entry : detail::list_folder(folder, found.warnings)) {
    if (!std::filesystem::is_directory(entry, trouble)) {
      ++beside;
      continue;
    }
    const std::int32_t label = static_cast<std::int32_t>(found.class_names.size());
    found.class_names.push_back(entry.filename().string());
    const std::size_t before = found.files.size();
    detail::ClassWalk(found.files, found.warnings).enter(entry);
    if (found.files.size() == before) found.warnings.push_back(message(entry.string(), ": this class has no images"));
    found.labels.resize(found.files.size(), label);
  }
  if (found.class_names.empty() && !found.warnings.empty()) detail::refuse_layout(name, found.warnings[0]);
  if (found.class_names.empty()) detail::refuse_layout(name, beside > 0 ? "has files but no folders" : "is empty");
  if (found.files.empty()) detail::refuse_layout(name, "has no images in its folders");
  if (beside > 0)
    found.warnings.push_back(message(name, ": ", beside, beside == 1 ? " file lies" : " files lie",
                                     " beside the class folders and ", beside == 1 ? "belongs" : "belong",
                                     " to no class"));
  return found;
}

}  // namespace lamina
