#pragma once

#include <filesystem>
#include <utility>

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#endif

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// A folder that is this object's alone, as far as others ask for it in the same way: by a lock that the operating system
/// keeps on the file run.lock in it, and takes back when the process ends, however it ends. The file stays; it says which
/// process was the last to hold the lock. On a file system, or a platform, without such locks, nobody is kept out.
class FolderLock {
 public:
  /// Throws DataError, which names the folder, when it cannot be written to, and when somebody else has it.
  explicit FolderLock(const std::filesystem::path& folder) { take(folder); }

  FolderLock(FolderLock&& other) noexcept
      : file_(std::exchange(other.file_, -1)), locked_(std::exchange(other.locked_, false)) {}
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock() { release(); }

  /// Whether others are kept out.
  bool locked() const { return locked_; }

 private:
#if defined(_WIN32)
  void take(const std::filesystem::path&) {}
  void release() {}
#else
  void take(const std::filesystem::path& folder);

  void release() {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }
#endif

  int file_ = -1;
  bool locked_ = false;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/folder_lock.ipp"
#endif
