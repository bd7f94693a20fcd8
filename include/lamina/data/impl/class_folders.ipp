#pragma once

#include "../class_folders.hpp"

#include <algorithm>
#include <cctype>

#include "../../core/error.hpp"
#include "../../core/utf8.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool has_image_extension(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  for (char& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".bmp";
}

LAMINA_FUNC std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                                      std::vector<std::string>& warnings) {
  std::vector<std::filesystem::path> entries;
  std::error_code trouble;
  for (std::filesystem::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
       entry.increment(trouble))
    if (!is_hidden(entry->path())) entries.push_back(entry->path());
  if (trouble) warnings.push_back(message(printable(folder.string()), ": cannot be listed: ", trouble.message()));
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.native() < b.native(); });
  return entries;
}

LAMINA_FUNC void ClassWalk::enter(const std::filesystem::path& folder, int depth) {
  std::error_code trouble;
  const auto place = std::filesystem::canonical(folder, trouble);
  if (trouble || depth > 64) {
    warnings_.push_back(
        message(printable(folder.string()), ": passed over: ", trouble ? trouble.message() : "more than 64 folders deep"));
    return;
  }
  if (!entered_.insert(place).second) {
    warnings_.push_back(message(printable(folder.string()), ": passed over: a link to a folder that was already read"));
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
    warnings_.push_back(message(printable(folder.string()), ": ", others.size(), others.size() == 1 ? " file is" : " files are",
                                " not PNG, JPEG or BMP by name and passed over: ", printable(others[0].filename().string()),
                                others.size() > 1 ? ", …" : ""));
}

/// Returns the name of the class in a folder: the folder's, its bytes that are not UTF-8 escaped, as no file could hold them.
LAMINA_FUNC std::string class_name_of(const std::filesystem::path& folder, std::vector<std::string>& warnings) {
  const std::string name = folder.filename().string();
  if (utf8_length(name) == name.size()) return name;
  warnings.push_back(message(printable(folder.string()), ": its name is not UTF-8: the class is called ", printable(name)));
  return printable(name);
}

LAMINA_FUNC void refuse_layout(const std::string& folder, const std::string& found) {
  throw DataError(message("image_folder: ", folder, ": ", found,
                          "; expects a folder for each class, the images in it:\n  ", folder, "/cat/1.png\n  ", folder,
                          "/cat/2.jpg\n  ", folder,
                          "/dog/1.png\nPNG (.png), JPEG (.jpg, .jpeg) and BMP (.bmp) are read"));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC ClassFolders find_class_folders(const std::filesystem::path& folder) {
  std::error_code trouble;
  const std::string name = printable(folder.string());
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
    found.class_names.push_back(detail::class_name_of(entry, found.warnings));
    const std::size_t before = found.files.size();
    detail::ClassWalk(found.files, found.warnings).enter(entry);
    if (found.files.size() == before) found.warnings.push_back(message(printable(entry.string()), ": this class has no images"));
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
