#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include "config.hpp"
#include "open_file.hpp"

namespace LAMINA_NAMESPACE {

/// A folder that is this object's alone, as far as others ask for it in the same way: by a lock that the operating system
/// keeps on the file run.lock in it, and takes back when the process ends, however it ends. The file stays; it says which
/// process was the last to hold the lock. On a file system, or a platform, without such locks, nobody is kept out.
///
/// The lock is the process's that took it: a copy that it makes by fork has none, and neither keeps the folder locked after
/// this object ended nor unlocks it. Only where the process is killed its copies must end, too.
class FolderLock {
 public:
  /// Throws DataError, which names the folder, when it cannot be written to, and when somebody else has it.
  explicit FolderLock(const std::filesystem::path& folder) { take(folder); }

  FolderLock(FolderLock&& other) noexcept
      : file_(std::move(other.file_)), process_(other.process_), locked_(std::exchange(other.locked_, false)) {}
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock() { release(); }

  /// Whether others are kept out.
  bool locked() const { return locked_; }

  /// Throws OptionError, which names `who`, in a copy that the process made by fork after it took the lock.
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

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/folder_lock.ipp"
#endif
