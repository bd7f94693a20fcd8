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

/// Returns the temporary name of a file that is being written: the start of its final name, a number, and .unfinished.
std::string unfinished_name(const std::filesystem::path& path, int number);

/// Returns whether unfinished_name gives this file name for some number.
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

/// Writes all bytes to an open file and flushes them to disk. Returns 0 or an errno.
int write_all(int file, std::span<const std::byte> bytes);

/// Gives a new file the rights of the file that it replaces and, if permitted, its owner.
void take_rights(const OpenFile& file, const struct stat& replaced);

/// Creates a file with a temporary name in a folder and locks it until it is closed, so that remove_if_left leaves it alone.
OpenFile begin_unfinished(const OpenFile& folder, const std::filesystem::path& path, mode_t rights, std::string& name);

/// Returns whether this name in a folder leads to this file.
bool is_named(const OpenFile& folder, const std::string& name, const OpenFile& file);

/// Removes a file with such a name unless somebody is writing, and thus locking, it. Returns whether there was one.
bool remove_if_left(const OpenFile& folder, const std::string& name);

/// Removes the temporary files of this file that killed writers left in the folder.
void remove_left_overs(const OpenFile& folder, const std::filesystem::path& path);

inline bool may_write(const std::filesystem::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

#endif

/// Returns the target of a path through all links, even if it does not exist yet. Sets `trouble` if the links form a circle.
std::filesystem::path follow_links(std::filesystem::path path, std::error_code& trouble);

/// Writes the bytes under an unused name in the same directory, then renames the file.
std::error_code write_and_rename(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// Creates the folder and its parents if they do not exist. Throws DataError, which names it.
void make_folder(const std::filesystem::path& folder);

}  // namespace detail

/// Writes a file completely or not at all, even if the power fails: it writes another name in the same directory, then
/// renames it. The new file takes the rights of a replaced file and, if permitted, its owner. A link is followed and
/// stays. Other hard links of the file keep the old bytes. Files that killed writers left beside it are removed. Throws
/// DataError, which names the file and the reason, and leaves the old file in place.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/write_file.ipp"
#endif
