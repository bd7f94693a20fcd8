#pragma once

#include <filesystem>
#include <system_error>
#include <utility>

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#endif

#include "config.hpp"

namespace LAMINA_NAMESPACE::detail {

#if defined(_WIN32)

struct OpenFile {};

#else

/// An open file or folder, held by its descriptor and closed by the destructor. All members refer to this one file, even
/// if its name leads to another one meanwhile.
class OpenFile {
 public:
  OpenFile() = default;

  /// Opens a path, relative to this folder if one is given. Child programs do not inherit it. If it cannot be opened,
  /// `trouble` says why.
  OpenFile(const std::filesystem::path& path, int flags, int folder = AT_FDCWD, mode_t rights_of_new = 0666)
      : number_(::openat(folder, path.c_str(), flags | O_CLOEXEC, rights_of_new)), trouble_(number_ < 0 ? errno : 0) {}

  OpenFile(OpenFile&& other) noexcept
      : number_(std::exchange(other.number_, -1)), trouble_(std::exchange(other.trouble_, 0)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(number_, other.number_);
    std::swap(trouble_, other.trouble_);
    return *this;
  }
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }

  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }

  /// Returns the errno of opening it, or 0.
  int trouble() const { return trouble_; }

  /// Returns its kind, size, owner and times; all are 0 if the operating system does not say.
  struct stat status() const {
    struct stat status {};
    if (::fstat(number_, &status) != 0) status = {};
    return status;
  }

 private:
  int number_ = -1;
  int trouble_ = 0;
};

inline bool same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

inline std::error_code reason(int number) { return {number, std::generic_category()}; }

#endif

}  // namespace lamina::detail
