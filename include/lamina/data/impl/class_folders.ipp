#pragma once

#include "../class_folders.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#if !defined(_WIN32)
#include <sys/stat.h>
#endif

#include "../../core/error.hpp"
#include "../../core/printable.hpp"
#include "../../core/text.hpp"
#include "../../core/utf8.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool has_image_extension(const std::filesystem::path& file) {
  const std::string extension = small_letters(file.extension().string());
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".bmp";
}

LAMINA_FUNC std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                                      std::vector<std::string>& warnings) {
  std::vector<std::filesystem::path> entries;
  std::error_code trouble;
  for (std::filesystem::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
       entry.increment(trouble))
    if (!is_hidden(entry->path())) entries.push_back(entry->path());
  if (trouble) warnings.push_back(str_cat(printable(folder.string()), ": cannot be listed: ", trouble.message()));
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.native() < b.native(); });
  return entries;
}

LAMINA_FUNC bool is_made_by_system(const std::filesystem::path& folder) {
  constexpr const char* names[] = {"$RECYCLE.BIN", "@eaDir", "System Volume Information", "__MACOSX", "lost+found"};
  return std::ranges::find(names, folder.filename().string()) != std::end(names);
}

LAMINA_FUNC std::optional<std::filesystem::path> MetFolders::meet(const std::filesystem::path& folder) {
  std::error_code trouble;
  std::string identity = std::filesystem::weakly_canonical(folder, trouble).string();
#if !defined(_WIN32)
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) identity = str_cat(status.st_dev, ':', status.st_ino);
#endif
  const auto [place, is_new] = met_.emplace(std::move(identity), folder);
  return is_new ? std::nullopt : std::optional(place->second);
}

LAMINA_FUNC void MetFolders::meet_with_parents(const std::filesystem::path& folder) {
  std::error_code trouble;
  meet(folder);
  for (auto place = std::filesystem::weakly_canonical(folder, trouble); place.has_relative_path();) {
    place = place.parent_path();
    meet(place);
  }
}

LAMINA_FUNC void ClassWalk::enter(const std::filesystem::path& folder, int depth) {
  std::error_code trouble;
  std::string why;
  if (std::filesystem::is_symlink(folder, trouble))
    why = str_cat("a link to ", printable(std::filesystem::read_symlink(folder, trouble).string()),
                  "; within a class, links are followed to files, not to folders");
  else if (is_made_by_system(folder))
    why = "systems make such folders";
  else if (depth > 64)
    why = "more than 64 folders deep";
  else if (const auto before = met_.meet(folder))
    why = str_cat("the same folder as ", printable(before->string()));
  if (why.empty()) return read(folder, depth);
  warnings_.push_back(str_cat(printable(folder.string()), ": passed over: ", why));
}

LAMINA_FUNC void ClassWalk::read(const std::filesystem::path& folder, int depth) {
  std::error_code trouble;
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
    warnings_.push_back(str_cat(printable(folder.string()), ": ", others.size(), others.size() == 1 ? " file is" : " files are",
                                " not PNG, JPEG or BMP by name and passed over: ", printable(others[0].filename().string()),
                                others.size() > 1 ? ", …" : ""));
}

LAMINA_FUNC std::vector<std::filesystem::path> find_candidates(const std::filesystem::path& folder, MetFolders& met,
                                                               std::vector<std::string>& warnings) {
  std::error_code trouble;
  std::size_t beside = 0;
  std::vector<std::filesystem::path> classes;
  for (const auto& entry : list_folder(folder, warnings)) {
    if (!std::filesystem::is_directory(entry, trouble))
      ++beside;
    else if (is_made_by_system(entry))
      warnings.push_back(str_cat(printable(entry.string()), ": is no class: systems make such folders; name it in .class_names if "
                                                 "it is one"));
    else if (const auto before = met.meet(entry))
      warnings.push_back(str_cat(printable(entry.string()), ": is no class: the same folder as ", printable(before->string())));
    else
      classes.push_back(entry);
  }
  if (beside > 0 && classes.empty() && warnings.empty()) refuse_layout(folder.string(), "has files but no folders");
  if (beside > 0)
    warnings.push_back(str_cat(printable(folder.string()), ": ", beside, beside == 1 ? " file lies" : " files lie",
                               " beside the class folders and ", beside == 1 ? "belongs" : "belong", " to no class"));
  return classes;
}

LAMINA_FUNC std::vector<std::filesystem::path> find_asked(const std::filesystem::path& folder, MetFolders& met,
                                                          const std::vector<std::string>& class_names,
                                                          std::vector<std::string>& warnings) {
  std::error_code trouble;
  std::vector<std::filesystem::path> classes;
  for (const std::string& name : class_names) {
    const auto place = folder / name;
    if (name.empty() || name == "." || name == ".." || std::filesystem::path(name).filename() != name)
      throw OptionError(str_cat("image_folder: expects names of folders in .class_names but got \"", name, "\""));
    if (!std::filesystem::is_directory(place, trouble))
      refuse_layout(folder.string(), str_cat("has no folder for the class \"", name, "\" of .class_names"));
    if (const auto before = met.meet(place))
      throw OptionError(str_cat("image_folder: expects different folders in .class_names but \"", name,
                                "\" is the same folder as ", printable(before->string())));
    classes.push_back(place);
  }
  std::size_t others = 0;
  for (const auto& entry : list_folder(folder, warnings))
    if (std::ranges::find(classes, entry) == classes.end()) ++others;
  if (others > 0)
    warnings.push_back(str_cat(printable(folder.string()), ": ", others,
                               others == 1 ? " file or folder is" : " files or folders are",
                               " no class of .class_names and passed over"));
  return classes;
}

LAMINA_FUNC std::string class_name_of(const std::filesystem::path& folder, std::vector<std::string>& warnings) {
  const std::string name = folder.filename().string();
  if (utf8_length(name) == name.size()) return name;
  warnings.push_back(str_cat(printable(folder.string()), ": its name is not UTF-8: the class is called ", printable(name)));
  return printable(name);
}

LAMINA_FUNC void refuse_layout(const std::string& folder, const std::string& found,
                               const std::vector<std::string>& warnings) {
  std::string text = str_cat("image_folder: ", folder, ": ", found,
                             "; expects a folder for each class, the images in it:\n  ", folder, "/cat/1.png\n  ",
                             folder, "/cat/2.jpg\n  ", folder,
                             "/dog/1.png\nPNG (.png), JPEG (.jpg, .jpeg) and BMP (.bmp) are read");
  for (std::size_t i = 0; i < warnings.size() && i < 10; ++i) text.append("\nwarning: ").append(warnings[i]);
  throw DataError(text);
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC ClassFolders find_class_folders(const std::filesystem::path& folder,
                                            const std::vector<std::string>& class_names) {
  std::error_code trouble;
  const std::string name = printable(folder.string());
  if (!std::filesystem::exists(folder, trouble)) detail::refuse_layout(name, "there is no such folder");
  if (!std::filesystem::is_directory(folder, trouble)) detail::refuse_layout(name, "is a file");
  ClassFolders found;
  detail::MetFolders met;  // all classes are marked before any is read, so that none is read as part of another
  met.meet_with_parents(folder);
  const auto classes = class_names.empty() ? detail::find_candidates(folder, met, found.warnings)
                                           : detail::find_asked(folder, met, class_names, found.warnings);
  for (const auto& entry : classes) {
    const std::size_t before = found.files.size();
    detail::ClassWalk(found.files, found.warnings, met).read(entry);
    const bool is_empty = found.files.size() == before;
    if (is_empty)
      found.warnings.push_back(str_cat(printable(entry.string()), class_names.empty()
                                                           ? ": is no class: it has no images; name it in .class_names "
                                                             "if it is one"
                                                           : ": this class has no images"));
    if (is_empty && class_names.empty()) continue;
    found.class_names.push_back(detail::class_name_of(entry, found.warnings));
    found.labels.resize(found.files.size(), static_cast<std::int32_t>(found.class_names.size() - 1));
  }
  if (classes.empty() && found.warnings.empty()) detail::refuse_layout(name, "is empty");
  if (found.files.empty()) detail::refuse_layout(name, "has no images in its folders", found.warnings);
  return found;
}

}  // namespace lamina::detail
