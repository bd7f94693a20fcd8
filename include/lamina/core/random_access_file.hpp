#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "config.hpp"
#include "open_file.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A file that parts are read from, by several threads at once. It stays the same file if its name leads to another one
/// meanwhile. It is read with pread and not mapped into memory: a file that is cut short, or a disk that fails, then is an
/// error that names the file, where a mapping would end the process with SIGBUS; and its pages count for the operating
/// system's cache, not for the process.
class RandomAccessFile {
 public:
  /// Opens a file. Throws DataError, which names it, if it does not exist, is no regular file, or cannot be opened.
  explicit RandomAccessFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  /// Returns the number of bytes that it had when it was opened.
  std::uint64_t size() const { return size_; }

  /// Reads bytes from a place on. Throws DataError, which names the file, if it ends before or cannot be read.
  void read(std::uint64_t place, std::span<std::byte> bytes) const;

  /// Tells the operating system that these bytes will be read soon.
  void will_read(std::uint64_t place, std::uint64_t size) const;

 private:
  std::filesystem::path path_;
  OpenFile file_;
  std::uint64_t size_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/random_access_file.ipp"
#endif
