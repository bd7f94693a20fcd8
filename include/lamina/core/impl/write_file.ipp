#pragma once

#include "../write_file.hpp"

#include <cerrno>
#include <string>

#include "../error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC int write_all(int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0 || errno == EINVAL ? 0 : errno;  // EINVAL: a file system that cannot
}

LAMINA_FUNC std::error_code write_new_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return {errno, std::generic_category()};
  int trouble = write_all(file, bytes);
  if (::close(file) != 0 && trouble == 0) trouble = errno;
  if (trouble != 0) ::unlink(path.c_str());
  return {trouble, std::generic_category()};
}

LAMINA_FUNC void flush_directory(const std::filesystem::path& path) {
  const int directory = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  ::fsync(directory);
  ::close(directory);
}

LAMINA_FUNC std::error_code write_and_rename(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::error_code trouble = std::make_error_code(std::errc::file_exists);
  std::filesystem::path unfinished;
  for (int attempt = 0; trouble == std::errc::file_exists && attempt < 1000; ++attempt) {
    unfinished = path;
    unfinished += message(".", attempt, ".unfinished");
    trouble = write_new_file(unfinished, bytes);
  }
  if (trouble) return trouble;
  std::filesystem::rename(unfinished, path, trouble);
  std::error_code ignored;
  if (trouble) std::filesystem::remove(unfinished, ignored);
  return trouble;
}

LAMINA_FUNC void make_folder(const std::filesystem::path& folder) {
  std::error_code trouble;
  std::filesystem::create_directories(folder, trouble);
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    throw DataError(message(printable(folder.string()), ": cannot be made a folder",
                            trouble ? ": " + trouble.message() : std::string(": there is a file of this name")));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::error_code trouble;
  auto target = path;
  if (std::filesystem::is_symlink(std::filesystem::symlink_status(path, trouble))) {
    target = std::filesystem::weakly_canonical(path, trouble);
    if (trouble) throw DataError(message(printable(path.string()), ": cannot be written: ", trouble.message()));
  }
  const auto status = std::filesystem::status(target, trouble);
  if (std::filesystem::is_directory(status))
    throw DataError(message(printable(path.string()), ": expects a file but it is a directory; give it a file's name"));
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw DataError(message(printable(path.string()), ": expects a file but it is a device, a pipe or a socket"));

  const bool forbidden = std::filesystem::exists(status) && !detail::may_write(target);
  trouble = forbidden ? std::make_error_code(std::errc::permission_denied) : detail::write_and_rename(target, bytes);
  if (trouble) throw DataError(message(printable(path.string()), ": cannot be written: ", trouble.message()));
  detail::flush_directory(target.parent_path());
}

}  // namespace lamina
