#pragma once

#include "../folder_lock.hpp"

#include <array>
#include <string>
#include <string_view>

#include "../error.hpp"
#include "../printable.hpp"

namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] LAMINA_FUNC FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(process_, other.process_);
  std::swap(locked_, other.locked_);
  return *this;
}

#if defined(_WIN32)

[[gnu::cold]] LAMINA_FUNC void FolderLock::check_process(const char*) const {}

#else

[[gnu::cold]] LAMINA_FUNC void FolderLock::take(const std::filesystem::path& folder) {
  const auto path = folder / "run.lock";
  file_ = detail::OpenFile(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
  process_ = ::getpid();
  const int trouble = file_.trouble();
  if (file_ ? !S_ISREG(file_.status().st_mode) : trouble == ELOOP || trouble == ENXIO || trouble == EISDIR)
    throw DataError(str_cat(printable(path.string()), ": expects a file but it is a link, a folder or a device; remove it"));
  if (!file_) throw DataError(str_cat(printable(folder.string()), ": cannot be written to: ", detail::reason(trouble).message()));
  locked_ = ::flock(file_.number(), LOCK_EX | LOCK_NB) == 0;
  if (!locked_ && errno == EWOULDBLOCK) {
    std::array<char, 24> line{};
    const auto size = ::pread(file_.number(), line.data(), line.size(), 0);
    std::string_view holder(line.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    holder = holder.substr(0, holder.find('\n'));
    const bool known = !holder.empty() && holder.find_first_not_of("0123456789") == holder.npos;
    throw DataError(str_cat(printable(folder.string()), ": another run is at work in this folder",
                            known ? str_cat(" (process ", holder, ")") : std::string(),
                            "; wait until it has ended, or give another folder"));
  }
  const std::string own = std::to_string(process_) + "\n";
  if (::ftruncate(file_.number(), 0) != 0 || ::write(file_.number(), own.data(), own.size()) < 0)
    return;  // others then see no process number
}

[[gnu::noinline]] LAMINA_FUNC void FolderLock::release() {  // g++ warns of the inside of an empty optional
  // Forks of this process share the lock through the same file: closing it here alone would leave it to them.
  if (locked_ && process_ == ::getpid()) ::flock(file_.number(), LOCK_UN);
  locked_ = false;
  file_ = {};
}

[[gnu::cold]] LAMINA_FUNC void FolderLock::check_process(const char* who) const {
  if (const std::int64_t here = ::getpid(); here != process_)
    throw OptionError(str_cat(who, ": its folder is locked by process ", std::to_string(process_), " but this is process ",
                              std::to_string(here), ", forked from it; make the ", who, " after the fork"));
}

#endif

}  // namespace lamina::detail
