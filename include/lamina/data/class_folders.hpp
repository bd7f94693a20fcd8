#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The image files of a folder that has one subfolder per class.
struct ClassFolders {
  std::vector<std::string> class_names;      // the folders' names, sorted bytewise, or as given
  std::vector<std::filesystem::path> files;  // class after class, sorted bytewise
  std::vector<std::int32_t> labels;          // the class of each file
  std::vector<std::string> warnings;         // skipped files and folders, with reasons
};

/// Returns whether a file name ends as a PNG, JPEG or BMP, in lower or upper case.
bool has_image_extension(const std::filesystem::path& file);

inline bool is_hidden(const std::filesystem::path& path) { return path.filename().string().starts_with('.'); }

/// Returns the contents of a folder, sorted bytewise, without hidden entries. If it cannot be listed, adds a warning.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                                      std::vector<std::string>& warnings);

/// Returns whether a folder's name is one that systems create: in unpacked archives, on disks, for thumbnails.
bool is_made_by_system(const std::filesystem::path& folder);

/// The folders that were visited. Each is recognised under all its names: by device and inode or, on a system without
/// such numbers, by its path without links.
class MetFolders {
 public:
  /// Returns nothing on the first visit of a folder, otherwise the path of the first visit.
  std::optional<std::filesystem::path> meet(const std::filesystem::path& folder);

  /// Marks a folder and all its parents as visited.
  void meet_with_parents(const std::filesystem::path& folder);

 private:
  std::map<std::string, std::filesystem::path> met_;
};

/// A collector of the image files of one class, from its folder and the subfolders. Links to folders are reported and not
/// followed, as in Keras (follow_links=False). A link to another class, or to the folder of all classes, would give the
/// images there this class's label; torchvision follows it and reads such images twice. Links to files are followed, as
/// both do. A folder that was visited before, under any name, is also reported.
class ClassWalk {
 public:
  ClassWalk(std::vector<std::filesystem::path>& files, std::vector<std::string>& warnings, MetFolders& met)
      : files_(files), warnings_(warnings), met_(met) {}

  /// Reads a folder, which the caller has marked as visited.
  void read(const std::filesystem::path& folder, int depth = 0);

 private:
  /// Reads a subfolder of the class, or adds a warning with the reason why not.
  void enter(const std::filesystem::path& folder, int depth);

  std::vector<std::filesystem::path>& files_;
  std::vector<std::string>& warnings_;
  MetFolders& met_;
};

/// Returns the subfolders that may be classes, each marked as visited. Other entries give a warning.
std::vector<std::filesystem::path> find_candidates(const std::filesystem::path& folder, MetFolders& met,
                                                   std::vector<std::string>& warnings);

/// Returns the folders of the given classes, each marked as visited. Throws OptionError for names that cannot be folders
/// or that name the same folder twice, and DataError for a folder that does not exist.
std::vector<std::filesystem::path> find_asked(const std::filesystem::path& folder, MetFolders& met,
                                              const std::vector<std::string>& class_names,
                                              std::vector<std::string>& warnings);

/// Returns the class name of a folder: its name, with bytes that are not UTF-8 escaped, because no model file could hold them.
std::string class_name_of(const std::filesystem::path& folder, std::vector<std::string>& warnings);

/// Throws DataError for a folder without classes. Its text shows the expected layout.
[[noreturn]] void refuse_layout(const std::string& folder, const std::string& found,
                                const std::vector<std::string>& warnings = {});

/// Finds the classes and image files of a folder without opening a file. A class is a subfolder, or a link to one; images
/// may lie in folders below it. Without `class_names`, every folder with images is a class, except hidden ones and those
/// that systems create (__MACOSX, lost+found, …). With it, exactly these are classes, in this order. Each folder is read
/// once, recognised by its device and inode.
///
/// It warns of folders that are no class, were visited before or cannot be listed, and of links to folders within a
/// class. It also warns of classes without images, files that are no images by name, and files beside the class folders.
///
/// Throws DataError, which shows the expected layout, if there is no such folder, no class, or no image, and for a class
/// whose name is not UTF-8. Throws OptionError for invalid `class_names`.
ClassFolders find_class_folders(const std::filesystem::path& folder, const std::vector<std::string>& class_names = {});

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/class_folders.ipp"
#endif
