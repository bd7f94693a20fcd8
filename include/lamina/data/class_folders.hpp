#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE {

/// The image files of a folder that holds a folder for each class.
struct ClassFolders {
  std::vector<std::string> class_names;      // the folders' names, sorted by their bytes, or as asked for
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

/// Returns whether a folder has a name that systems give to folders of their own: of unpacked archives, of disks, of
/// thumbnails.
bool is_made_by_system(const std::filesystem::path& folder);

/// The folders that were met, each known under all its names: by device and inode, or by its path without links where a
/// system has no such numbers.
class MetFolders {
 public:
  /// Returns nothing for a folder that is met for the first time; else the path under which it was met before.
  std::optional<std::filesystem::path> meet(const std::filesystem::path& folder);

  /// Meets a folder and all folders in which it lies.
  void meet_with_parents(const std::filesystem::path& folder);

 private:
  std::map<std::string, std::filesystem::path> met_;
};

/// Collects the image files of one class, from its folder and the folders in it. Links to folders are reported and not
/// followed, as in Keras (follow_links=False): where one leads to another class, or to the folder of all classes, the
/// images there would get this class's label. torchvision follows them, and reads such images twice. Links to files are
/// followed, as both do. A folder that was met before, under whatever name, is reported, too.
class ClassWalk {
 public:
  ClassWalk(std::vector<std::filesystem::path>& files, std::vector<std::string>& warnings, MetFolders& met)
      : files_(files), warnings_(warnings), met_(met) {}

  /// Reads a folder, which the caller has met.
  void read(const std::filesystem::path& folder, int depth = 0);

 private:
  /// Reads a folder within the class, or says why not.
  void enter(const std::filesystem::path& folder, int depth);

  std::vector<std::filesystem::path>& files_;
  std::vector<std::string>& warnings_;
  MetFolders& met_;
};

/// Returns the folders in `folder` that may be classes, each met. What lies there and is none is a warning.
std::vector<std::filesystem::path> find_candidates(const std::filesystem::path& folder, MetFolders& met,
                                                   std::vector<std::string>& warnings);

/// Returns the folders of the classes that were asked for, each met. Throws OptionError for names that no folders, or
/// several times the same one, can have, and DataError for one that is not there.
std::vector<std::filesystem::path> find_asked(const std::filesystem::path& folder, MetFolders& met,
                                              const std::vector<std::string>& class_names,
                                              std::vector<std::string>& warnings);

/// Returns the name of the class in a folder: the folder's, its bytes that are not UTF-8 escaped, as no file could hold them.
std::string class_name_of(const std::filesystem::path& folder, std::vector<std::string>& warnings);

/// Says of a folder in which no classes were found what is expected.
[[noreturn]] void refuse_layout(const std::string& folder, const std::string& found,
                                const std::vector<std::string>& warnings = {});

}  // namespace detail

/// Finds the classes and image files of a folder, opening none. A class is a folder in it, or a link to one; images may
/// lie in further folders below. Without `class_names`, every folder with images is a class, but for those that systems
/// make (__MACOSX, lost+found, …) and hidden ones; with it, exactly these are, in this order. Each folder is read once,
/// by its device and inode. Warnings are: folders that are no class, a class without images, files that are no images
/// by name, files beside the class folders, links to folders within a class, folders met before, and folders that
/// cannot be listed. Throws DataError, which shows the layout expected, when there is no such folder, no class, or no
/// image, and for a class whose name is not UTF-8; OptionError for `class_names` that cannot be.
ClassFolders find_class_folders(const std::filesystem::path& folder, const std::vector<std::string>& class_names = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/class_folders.ipp"
#endif
