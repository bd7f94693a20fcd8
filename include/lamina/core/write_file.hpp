#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <system_error>

#if defined(_WIN32)
#include <fstream>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

#include "config.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

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
inline void flush_directory(const std::filesystem::path&) {}

#else

/// Bytes on their way to an open file, all of them and down to the disk: 0, or what errno says.
int write_all(int file, std::span<const std::byte> bytes);

/// Writes a file that is not there yet, with the rights that the process gives to new files.
std::error_code write_new_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

inline bool may_write(const std::filesystem::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

/// Makes a new name last through a loss of power, where the file system can.
void flush_directory(const std::filesystem::path& path);

#endif

/// Writes the bytes under a name in the same directory that no file has, then renames.
std::error_code write_and_rename(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// Makes the folder, and those above it, unless it is there. Throws DataError, which names it.
void make_folder(const std::filesystem::path& folder);

}  // namespace detail

/// Writes a file that is there wholly or not at all, even when the power fails: under another name in the same
/// directory first, then renamed. A file of this name is replaced, and so is what a link of this name leads to. Throws
/// DataError, which names the file and the reason, and leaves what was there.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/write_file.ipp"
#endif
