#pragma once

#include "../folder_lock.hpp"

#include <fstream>
#include <string>
#include <system_error>

#include "../error.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(locked_, other.locked_);
  return *this;
}

LAMINA_FUNC void FolderLock::take(const std::filesystem::path& folder) {
  const auto path = folder / "run.lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  const int trouble = errno;
  struct stat status;
  const bool other_kind = file_ < 0 ? trouble == ELOOP || trouble == ENXIO || trouble == EISDIR
                                    : ::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode);
  if (other_kind) {
    release();
    throw DataError(message(printable(path.string()), ": expects a file but it is a link, a folder or a device; remove it"));
  }
  if (file_ < 0)
    throw DataError(message(printable(folder.string()), ": cannot be written to: ", std::generic_category().message(trouble)));
  locked_ = ::flock(file_, LOCK_EX | LOCK_NB) == 0;
  if (!locked_ && errno == EWOULDBLOCK) {
    release();
    std::string holder;
    std::getline(std::ifstream(path), holder);
    const bool known = !holder.empty() && holder.find_first_not_of("0123456789") == std::string::npos;
    throw DataError(message(printable(folder.string()), ": another run is at work in this folder",
                            known ? " (process " + holder + ")" : std::string(),
                            "; wait until it has ended, or give another folder"));
  }
  const std::string own = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file_, 0) != 0 || ::write(file_, own.data(), own.size()) < 0) return;  // others are told no number
}

}  // namespace lamina
