#pragma once

#include "../random_access_file.hpp"

#include <algorithm>
#include <utility>

#if defined(_WIN32)
#include <fstream>
#endif

#include "../error.hpp"
#include "../printable.hpp"

namespace LAMINA_NAMESPACE::detail {

#if defined(_WIN32)

LAMINA_FUNC RandomAccessFile::RandomAccessFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code trouble;
  size_ = std::filesystem::file_size(path_, trouble);
  if (trouble) throw DataError(str_cat(printable(path_.string()), ": cannot be opened: ", trouble.message()));
}

LAMINA_FUNC void RandomAccessFile::read(std::uint64_t place, std::span<std::byte> bytes) const {
  std::ifstream file(path_, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(place));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (static_cast<std::size_t>(file.gcount()) != bytes.size())
    throw DataError(str_cat(printable(path_.string()), ": cannot be read, or became shorter than the ", size_, " bytes it had"));
}

LAMINA_FUNC void RandomAccessFile::will_read(std::uint64_t, std::uint64_t) const {}

#else

[[gnu::cold]] LAMINA_FUNC RandomAccessFile::RandomAccessFile(std::filesystem::path path)
    : path_(std::move(path)), file_(path_, O_RDONLY | O_NONBLOCK) {  // does not wait for the other end of a pipe
  const int trouble = file_.trouble();
  const std::string name = printable(path_.string());
  if (trouble == ENOENT || trouble == ENOTDIR) throw DataError(str_cat(name, ": there is no such file"));
  if (trouble == EMFILE)
    throw DataError(str_cat(name, ": cannot be opened, because this process has too many open files; raise `ulimit -n`, or "
                                  "make fewer, larger files"));
  if (!file_) throw DataError(str_cat(name, ": cannot be opened: ", reason(trouble).message()));
  const auto status = file_.status();
  if (!S_ISREG(status.st_mode)) throw DataError(str_cat(name, ": expects a file but it is a folder, a device or a pipe"));
  size_ = static_cast<std::uint64_t>(status.st_size);
}

LAMINA_FUNC void RandomAccessFile::read(std::uint64_t place, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const auto got = ::pread(file_.number(), bytes.data(), (std::min)(bytes.size(), std::size_t{1} << 30), static_cast<off_t>(place));
    if (got > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
      place += static_cast<std::uint64_t>(got);
    } else if (got == 0) {
      throw DataError(str_cat(printable(path_.string()), ": ends after ", place, " bytes but had ", size_,
                              " when it was opened; it was cut short meanwhile"));
    } else if (errno != EINTR) {
      throw DataError(str_cat(printable(path_.string()), ": cannot be read: ", reason(errno).message()));
    }
  }
}

LAMINA_FUNC void RandomAccessFile::will_read([[maybe_unused]] std::uint64_t place, [[maybe_unused]] std::uint64_t size) const {
#if defined(POSIX_FADV_WILLNEED)
  ::posix_fadvise(file_.number(), static_cast<off_t>(place), static_cast<off_t>(size), POSIX_FADV_WILLNEED);
#endif
}

#endif

}  // namespace lamina::detail
