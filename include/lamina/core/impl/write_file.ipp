#pragma once

#include "../write_file.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "../error.hpp"
#include "../printable.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the beginning of a file name, cut to whole UTF-8 characters.
[[gnu::cold]] LAMINA_FUNC std::string unfinished_stem(const std::filesystem::path& path) {
  std::string stem = path.filename().string();
  std::size_t end = (std::min<std::size_t>)(stem.size(), 100);  // names have at most 255 bytes, on some file systems 143
  const auto is_inside = [&](std::size_t i) { return (static_cast<unsigned char>(stem[i]) & 0xC0) == 0x80; };
  if (end < stem.size())
    for (std::size_t back = 0; back < 3 && is_inside(end); ++back) --end;
  return stem.substr(0, end);
}

[[gnu::cold]] LAMINA_FUNC std::string unfinished_name(const std::filesystem::path& path, int number) {
  return unfinished_stem(path) + "." + std::to_string(number) + ".unfinished";
}

[[gnu::cold]] LAMINA_FUNC bool is_unfinished_name(const std::filesystem::path& path, const std::string& name) {
  const std::string begin = unfinished_stem(path) + ".";
  constexpr std::string_view end = ".unfinished";
  if (name.size() <= begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end)) return false;
  const auto number = std::string_view(name).substr(begin.size(), name.size() - begin.size() - end.size());
  return number.find_first_not_of("0123456789") == number.npos;
}

#if defined(_WIN32)

[[gnu::cold]] LAMINA_FUNC std::error_code write_and_rename(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::error_code trouble;
  std::filesystem::path unfinished;
  int number = 0;
  do unfinished = path.parent_path() / unfinished_name(path, number++);
  while (std::filesystem::exists(unfinished, trouble));
  if ((trouble = write_new_file(unfinished, bytes))) return trouble;
  std::filesystem::rename(unfinished, path, trouble);
  std::error_code ignored;
  if (trouble) std::filesystem::remove(unfinished, ignored);
  return trouble;
}

#else

[[gnu::cold]] LAMINA_FUNC int write_all(int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0 || errno == EINVAL ? 0 : errno;  // EINVAL: a file system without fsync
}

[[gnu::cold]] LAMINA_FUNC void take_rights(const OpenFile& file, const struct stat& replaced) {
  mode_t rights = replaced.st_mode & 07777;
  const auto own = file.status();
  if (own.st_uid != replaced.st_uid || own.st_gid != replaced.st_gid) {
    const bool owned = ::fchown(file.number(), replaced.st_uid, replaced.st_gid) == 0;
    if (!owned) rights &= 0777;  // setuid must not pass to another user
    [[maybe_unused]] const bool shared = owned || ::fchown(file.number(), own.st_uid, replaced.st_gid) == 0;
  }
  ::fchmod(file.number(), rights);  // does nothing on a file system without rights
}

[[gnu::cold]] LAMINA_FUNC bool is_named(const OpenFile& folder, const std::string& name, const OpenFile& file) {
  struct stat named {};
  return ::fstatat(folder.number(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 && same_file(named, file.status());
}

[[gnu::cold]] LAMINA_FUNC bool remove_if_left(const OpenFile& folder, const std::string& name) {
  const OpenFile file(name, O_RDWR | O_NOFOLLOW | O_NONBLOCK, folder.number());
  if (!file) return file.trouble() != ENOENT;
  // A writer holds the lock from before the first byte until the file has its final name.
  const bool left = S_ISREG(file.status().st_mode) && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0;
  if (left && is_named(folder, name, file)) ::unlinkat(folder.number(), name.c_str(), 0);
  return true;
}

[[gnu::cold]] LAMINA_FUNC void remove_left_overs(const OpenFile& folder, const std::filesystem::path& path) {
  // Writers take the lowest free number, so the search stops after a gap of eight.
  for (int number = 0, absent = 0; absent < 8; ++number)
    absent = remove_if_left(folder, unfinished_name(path, number)) ? 0 : absent + 1;
}

[[gnu::cold]] LAMINA_FUNC OpenFile begin_unfinished(const OpenFile& folder, const std::filesystem::path& path, mode_t rights,
                                      std::string& name) {
  OpenFile file;
  for (int number = 0, lost = 0; lost < 100; ++number) {
    name = unfinished_name(path, number);
    file = OpenFile(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, folder.number(), rights);
    if (file.trouble() == EEXIST) continue;
    if (!file) break;
    const bool taken = ::flock(file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && is_named(folder, name, file)) break;
    ++lost;  // another process took it for a leftover before it was locked, and removes it
  }
  return file;
}

[[gnu::cold]] LAMINA_FUNC std::error_code write_and_rename(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  OpenFile folder(parent, O_RDONLY | O_DIRECTORY);
#if defined(O_PATH)
  if (folder.trouble() == EACCES) folder = OpenFile(parent, O_PATH | O_DIRECTORY);  // a folder that may not be listed
#endif
  if (!folder) return reason(folder.trouble());
  remove_left_overs(folder, path);
  struct stat replaced {};
  const bool replaces = ::fstatat(folder.number(), path.filename().c_str(), &replaced, 0) == 0;
  std::string name;
  // Others must not read the new file before it has its final rights.
  const OpenFile file = begin_unfinished(folder, path, replaces ? 0600 : 0666, name);
  if (!file) return reason(file.trouble());
  int trouble = write_all(file.number(), bytes);
  if (trouble == 0 && replaces) take_rights(file, replaced);
  if (trouble == 0 && ::renameat(folder.number(), name.c_str(), folder.number(), path.filename().c_str()) != 0)
    trouble = errno;
  if (trouble != 0) ::unlinkat(folder.number(), name.c_str(), 0);
  else ::fsync(folder.number());  // makes the new name survive a power failure if the file system supports it
  return reason(trouble);
}

#endif

[[gnu::cold]] LAMINA_FUNC std::filesystem::path follow_links(std::filesystem::path path, std::error_code& trouble) {
  std::error_code unknown;
  for (int links = 0; std::filesystem::is_symlink(std::filesystem::symlink_status(path, unknown)); ++links) {
    if (links == 40) {
      trouble = std::make_error_code(std::errc::too_many_symbolic_link_levels);
      return path;
    }
    const auto next = std::filesystem::read_symlink(path, trouble);
    if (trouble) return path;
    path = path.parent_path() / next;
  }
  return path;
}

[[gnu::cold]] LAMINA_FUNC void make_folder(const std::filesystem::path& folder) {
  std::error_code trouble;
  std::filesystem::create_directories(folder, trouble);
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    throw DataError(str_cat(printable(folder.string()), ": cannot be made a folder",
                            trouble ? ": " + trouble.message() : std::string(": there is a file of this name")));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

[[gnu::cold]] LAMINA_FUNC void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::error_code trouble, unknown;
  const auto status = std::filesystem::status(path, unknown);
  if (std::filesystem::is_directory(status))
    throw DataError(str_cat(printable(path.string()), ": expects a file but it is a directory; give it a file's name"));
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw DataError(str_cat(printable(path.string()), ": expects a file but it is a device, a pipe or a socket"));

  const auto target = detail::follow_links(path, trouble);
  if (!trouble && std::filesystem::exists(status) && !detail::may_write(target))
    trouble = std::make_error_code(std::errc::permission_denied);
  if (!trouble) trouble = detail::write_and_rename(target, bytes);
  if (!trouble) return;
  const auto folder = path.parent_path();
  const bool no_folder = !folder.empty() && !std::filesystem::exists(folder, unknown);
  throw DataError(str_cat(printable(path.string()), ": cannot be written: ",
                          no_folder ? str_cat("there is no folder ", printable(folder.string()), "; make it first") : trouble.message()));
}

}  // namespace lamina
