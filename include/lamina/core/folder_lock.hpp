#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include "config.hpp"
#include "open_file.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A lock on a folder that excludes other FolderLocks. The operating system holds it on the file run.lock in the folder
/// and releases it when the process ends, however it ends. The file stays; it names the process that last held the lock.
/// On a file system or a platform without such locks, nobody is kept out.
///
/// The lock belongs to the process that took it. A fork of that process does not hold it, does not keep the folder locked
/// after this object is gone, and does not unlock it. If the process is killed, its forks must end before the lock is free.
class FolderLock {
 public:
  /// Locks the folder. Throws DataError, which names the folder, if it cannot be written to or another process holds the lock.
  explicit FolderLock(const std::filesystem::path& folder) { take(folder); }

  FolderLock(FolderLock&& other) noexcept
      : file_(std::move(other.file_)), process_(other.process_), locked_(std::exchange(other.locked_, false)) {}
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock() { release(); }

  /// Returns whether others are kept out.
  bool locked() const { return locked_; }

  /// Throws OptionError, which names `who`, in a process that was forked after the lock was taken.
  void check_process(const char* who) const;

 private:
#if defined(_WIN32)
  void take(const std::filesystem::path&) {}
  void release() {}
#else
  void take(const std::filesystem::path& folder);
  void release();
#endif

  detail::OpenFile file_;
  std::int64_t process_ = 0;
  bool locked_ = false;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/folder_lock.ipp"
#endif
