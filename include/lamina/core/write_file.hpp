#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>

#include "config.hpp"
#include "open_file.hpp"

#if defined(_WIN32)
#include <fstream>
#endif

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns the name of a file that is being written, beside the one that it becomes: as much of that name as leaves room for the
/// rest, a number, and .unfinished.
std::string unfinished_name(const std::filesystem::path& path, int number);

/// Returns whether a file's name is one that unfinished_name gives, for any number.
bool is_unfinished_name(const std::filesystem::path& path, const std::string& name);

#if defined(_WIN32)

inline std::error_code write_new_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return {};
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return std::make_error_code(std::errc::io_error);
}
inline bool may_write(const std::filesystem::path&) { return true; }

#else

/// Writes bytes to an open file, all of them and down to the disk: returns 0, or what errno says.
int write_all(int file, std::span<const std::byte> bytes);

/// Gives a new file the owner, as far as that is permitted, and the rights of the one that it replaces.
void take_rights(const OpenFile& file, const struct stat& replaced);

/// Makes a file of such a name in a folder and locks it until it is closed, so that remove_if_left leaves it alone.
OpenFile begin_unfinished(const OpenFile& folder, const std::filesystem::path& path, mode_t rights, std::string& name);

/// Returns whether this name in a folder leads to this file.
bool is_named(const OpenFile& folder, const std::string& name, const OpenFile& file);

/// Removes a file of such a name unless somebody is writing it: whoever does has it locked. Returns whether there was one.
bool remove_if_left(const OpenFile& folder, const std::string& name);

/// Removes what writers of this file that were killed left in the folder.
void remove_left_overs(const OpenFile& folder, const std::filesystem::path& path);

inline bool may_write(const std::filesystem::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

#endif

/// Follows links, also to what is not there yet, to the file that is meant. Sets `trouble` where they lead in a circle.
std::filesystem::path follow_links(std::filesystem::path path, std::error_code& trouble);

/// Writes the bytes under a name in the same directory that no file has, then renames.
std::error_code write_and_rename(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// Makes the folder, and those above it, unless it is there. Throws DataError, which names it.
void make_folder(const std::filesystem::path& folder);

}  // namespace detail

/// Writes a file that is there wholly or not at all, even when the power fails: under another name in the same
/// directory first, then renamed. A file of this name is replaced and gives its rights and, where that is permitted, its
/// owner to the new one; a link is followed, and stays. Other hard links of the file keep the old bytes. What writers that
/// were killed left beside the file is removed. Throws DataError, which names the file and the reason, and leaves what was
/// there.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/write_file.ipp"
#endif
