#pragma once

#include "../files.hpp"

#include <algorithm>
#include <ctime>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#if defined(_WIN32)
#include <fstream>
#endif

#include "../error.hpp"
#include "../open_file.hpp"
#include "../printable.hpp"
#include "../write_file.hpp"

namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] LAMINA_FUNC void check_file_size(const std::filesystem::path& path, std::uint64_t size,
                                               std::uint64_t max_bytes) {
  if (size > max_bytes)
    throw DataError(str_cat(printable(path.string()), ": has ", size, " bytes, more than the ", max_bytes,
                            " allowed; raise .limits.max_bytes to allow it"));
}

/// Allocates room for a file's bytes. Throws DataError if there is not enough memory.
[[gnu::cold]] LAMINA_FUNC std::vector<std::byte> room_for(const std::filesystem::path& path, std::uint64_t size) try {
  return std::vector<std::byte>(static_cast<std::size_t>(size));
} catch (const std::bad_alloc&) {
  throw DataError(str_cat(printable(path.string()), ": has ", size, " bytes, for which there is no memory"));
} catch (const std::length_error&) {
  throw DataError(str_cat(printable(path.string()), ": has ", size, " bytes, for which there is no memory"));
}

#if defined(_WIN32)

[[gnu::cold]] LAMINA_FUNC std::optional<std::vector<std::byte>> try_to_read(const std::filesystem::path& path,
                                                              std::uint64_t max_bytes) {
  std::error_code trouble;
  const auto status = std::filesystem::status(path, trouble);
  if (!std::filesystem::exists(status)) throw DataError(str_cat(printable(path.string()), ": there is no such file"));
  if (std::filesystem::is_directory(status))
    throw DataError(str_cat(printable(path.string()), ": expects a file but it is a directory"));
  if (!std::filesystem::is_regular_file(status))
    throw DataError(str_cat(printable(path.string()), ": expects a file but it is a device, a pipe or a socket"));
  const auto size = std::filesystem::file_size(path, trouble);
  std::ifstream file(path, std::ios::binary);
  if (trouble || !file) throw DataError(str_cat(printable(path.string()), ": cannot be opened; check its permissions"));
  check_file_size(path, size, max_bytes);
  std::vector<std::byte> bytes = room_for(path, size);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const bool all = static_cast<std::size_t>(file.gcount()) == bytes.size();
  if (!all || file.bad() || file.peek() != std::ifstream::traits_type::eof()) return std::nullopt;
  return bytes;
}

#else

/// Throws DataError for a file that could not be opened.
[[noreturn, gnu::cold]] LAMINA_FUNC void refuse_unopened(const std::filesystem::path& path, int trouble) {
  if (trouble == ENOENT || trouble == ENOTDIR) throw DataError(str_cat(printable(path.string()), ": there is no such file"));
  if (trouble == ENXIO)  // a socket
    throw DataError(str_cat(printable(path.string()), ": expects a file but it is a device, a pipe or a socket"));
  if (trouble == EACCES || trouble == EPERM)
    throw DataError(str_cat(printable(path.string()), ": cannot be opened; check its permissions"));
  throw DataError(str_cat(printable(path.string()), ": cannot be opened: ", reason(trouble).message()));
}

/// Reads bytes from an offset on, until the buffer is full or the file ends. Returns their number. Throws DataError.
[[gnu::cold]] LAMINA_FUNC std::size_t read_at(const std::filesystem::path& path, const OpenFile& file, std::span<std::byte> room,
                                std::uint64_t place) {
  std::size_t done = 0;
  while (done < room.size()) {
    const auto got = ::pread(file.number(), room.data() + done, (std::min)(room.size() - done, std::size_t{1} << 30),
                             static_cast<off_t>(place + done));
    if (got == 0) break;
    if (got < 0 && errno != EINTR)
      throw DataError(str_cat(printable(path.string()), ": cannot be read: ", reason(errno).message()));
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return done;
}

/// Returns whether nobody wrote to a file between these two moments, as far as the file system's clock can tell.
[[gnu::cold]] LAMINA_FUNC bool unchanged(const struct stat& before, const struct stat& after) {
#if defined(__APPLE__)
  const auto &earlier = before.st_mtimespec, &later = after.st_mtimespec;
#else
  const auto &earlier = before.st_mtim, &later = after.st_mtim;
#endif
  return before.st_size == after.st_size && earlier.tv_sec == later.tv_sec && earlier.tv_nsec == later.tv_nsec;
}

/// Reads a whole file. Returns nothing if it is written to meanwhile, or if its size is not what the file system says.
[[gnu::cold]] LAMINA_FUNC std::optional<std::vector<std::byte>> try_to_read(const std::filesystem::path& path,
                                                              std::uint64_t max_bytes) {
  const OpenFile file(path, O_RDONLY | O_NONBLOCK);  // does not wait for the other end of a pipe
  if (file.trouble() == ESTALE || file.trouble() == EAGAIN) return std::nullopt;  // just replaced, on another machine
  if (!file) refuse_unopened(path, file.trouble());
  const auto status = file.status();
  if (S_ISDIR(status.st_mode)) throw DataError(str_cat(printable(path.string()), ": expects a file but it is a directory"));
  if (!S_ISREG(status.st_mode))
    throw DataError(str_cat(printable(path.string()), ": expects a file but it is a device, a pipe or a socket"));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  check_file_size(path, size, max_bytes);
  std::byte one;
  if (size > 0 && read_at(path, file, {&one, 1}, size - 1) == 0) return std::nullopt;  // before memory for all is allocated
  std::vector<std::byte> bytes = room_for(path, size);
  if (read_at(path, file, bytes, 0) < bytes.size() || read_at(path, file, {&one, 1}, size) > 0 ||
      !unchanged(status, file.status()))
    return std::nullopt;
  return bytes;
}

#endif

/// Throws DataError for the text that stands in the place of a file that Git LFS has not brought.
[[gnu::cold]] LAMINA_FUNC void refuse_lfs_pointer(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  constexpr std::string_view begin = "version https://git-lfs.github.com/spec/";
  if (bytes.size() < 1024 && std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(begin))
    throw DataError(str_cat(printable(path.string()),
                            ": is a pointer of Git LFS, not the file itself; run `git lfs pull` in its repository"));
}

/// Waits some milliseconds, so that the writer may finish.
[[gnu::cold]] LAMINA_FUNC void wait_for_writer([[maybe_unused]] int milliseconds) {
#if !defined(_WIN32)
  const timespec time{.tv_sec = 0, .tv_nsec = milliseconds * 1'000'000L};
  ::nanosleep(&time, nullptr);
#endif
}

[[gnu::cold]] LAMINA_FUNC std::vector<std::byte> read_limited_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  for (int attempt = 0; attempt < 6; ++attempt) {
    if (attempt > 0) wait_for_writer(1 << attempt);
    if (auto bytes = try_to_read(path, max_bytes)) {
      refuse_lfs_pointer(path, *bytes);
      return *std::move(bytes);
    }
  }
  throw DataError(str_cat(printable(path.string()), ": cannot be read, or another program is writing it"));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] LAMINA_FUNC std::vector<std::byte> read_file(const std::filesystem::path& path) {
  return detail::read_limited_file(path, (std::numeric_limits<std::uint64_t>::max)());
}

}  // namespace lamina::detail
