#pragma once

#include "../log_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include "../../core/printable.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

LAMINA_FUNC LogFile::LogFile(std::filesystem::path path, IfExists existing) : path_(std::move(path)) {
  std::error_code unknown;
  const auto folder = path_.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, unknown))
    throw DataError(
        str_cat(printable(path_.string()), ": cannot be written: there is no folder ", printable(folder.string()), "; make it first"));
  if (std::filesystem::is_directory(path_, unknown))
    throw DataError(str_cat(printable(path_.string()), ": expects a file but it is a directory; give it a file's name"));
  open(existing);
}

LAMINA_FUNC bool LogFile::write(std::string_view bytes) {
  const int reason = append(bytes);
  if (reason == 0) {
    in_trouble_ = false;
    return true;
  }
  if (!on_trouble_) throw trouble(reason);
  if (!std::exchange(in_trouble_, true)) on_trouble_(trouble(reason));
  return false;
}

LAMINA_FUNC bool LogFile::write_line(std::string line) {
  if (!ends_in_newline_) line.insert(line.begin(), '\n');
  const bool written = write(line += '\n');
  ends_in_newline_ = ends_in_newline_ || written;
  return written;
}

LAMINA_FUNC DataError LogFile::trouble(int reason) const {
  return DataError(str_cat(printable(path_.string()), ": cannot be written: ",
                           reason > 0 ? std::generic_category().message(reason) : std::string("the stream reports an error")));
}

}  // namespace detail

#if defined(_WIN32)

namespace detail {

LAMINA_FUNC void LogFile::open(IfExists existing) {
  if (existing == IfExists::append) read_what_is_there();
  errno = 0;
  file_.open(path_,
             std::ios::binary | std::ios::out | (existing == IfExists::append ? std::ios::app : std::ios::trunc));
  if (!file_) throw trouble(errno);
}

LAMINA_FUNC std::optional<LogFile> LogFile::create(std::filesystem::path path) {
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown)) return std::nullopt;
  return LogFile(std::move(path), IfExists::append);
}

LAMINA_FUNC void LogFile::read_what_is_there() {
  std::ifstream there(path_, std::ios::binary);
  if (!there || !std::filesystem::is_regular_file(path_)) return;
  std::getline(there, first_line_);
  was_empty_ = first_line_.empty() && there.eof();
  if (was_empty_) return;
  there.clear();
  there.seekg(-1, std::ios::end);
  ends_in_newline_ = there.get() == '\n';
}

LAMINA_FUNC int LogFile::append(std::string_view bytes) {
  errno = 0;
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file_.flush();
  if (file_) return 0;
  const int reason = errno;
  file_.clear();
  ends_in_newline_ = false;
  return reason != 0 ? reason : -1;
}

LAMINA_FUNC void LogFile::clear() {
  file_.close();
  open(IfExists::replace);
  ends_in_newline_ = true;
}

}  // namespace detail

#else

namespace detail {

LAMINA_FUNC void LogFile::open(IfExists existing) {
  const int flags = O_WRONLY | O_APPEND | O_CREAT | (existing == IfExists::append ? 0 : O_TRUNC);
  file_ = detail::OpenFile(path_, flags);
  if (!file_) throw trouble(file_.trouble());
  if (existing == IfExists::append) read_what_is_there();
}

LAMINA_FUNC std::optional<LogFile> LogFile::create(std::filesystem::path path) {
  LogFile log;
  log.path_ = std::move(path);
  log.file_ = detail::OpenFile(log.path_, O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
  if (log.file_.trouble() == EEXIST) return std::nullopt;
  if (!log.file_) throw log.trouble(log.file_.trouble());
  return log;
}

LAMINA_FUNC void LogFile::read_what_is_there() {
  const auto status = file_.status();
  if (!S_ISREG(status.st_mode) || status.st_size == 0) return;
  was_empty_ = false;
  const detail::OpenFile there(path_, O_RDONLY | O_NONBLOCK);
  if (!there)
    throw DataError(
        str_cat(printable(path_.string()), ": cannot be appended to: ", detail::reason(there.trouble()).message()));
  if (!detail::same_file(there.status(), status))
    throw DataError(str_cat(printable(path_.string()), ": cannot be appended to: it was replaced by another file meanwhile; try again"));
  std::string begin(std::size_t{1} << 16, '\0');
  char last = '\n';
  const auto got = ::pread(there.number(), begin.data(), begin.size(), 0);
  if (got < 0 || ::pread(there.number(), &last, 1, status.st_size - 1) < 0)
    throw DataError(str_cat(printable(path_.string()), ": cannot be appended to: ", detail::reason(errno).message()));
  begin.resize(static_cast<std::size_t>(got));
  first_line_ = begin.substr(0, begin.find('\n'));
  ends_in_newline_ = last == '\n';
}

LAMINA_FUNC int LogFile::append(std::string_view bytes) {
  if (torn_ > whole_) take_back();  // the part that could not be removed before
  if (torn_ > whole_) return EIO;
  const auto status = file_.status();
  const bool is_file = S_ISREG(status.st_mode);
  whole_ = torn_ = is_file ? status.st_size : 0;
  while (!bytes.empty()) {
    const auto written = ::write(file_.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int reason = errno;
      if (torn_ > whole_) take_back();
      if (!is_file) ends_in_newline_ = false;  // possibly: data in a pipe cannot be removed
      return reason;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    if (is_file) torn_ += written;
  }
  whole_ = torn_;
  return 0;
}

LAMINA_FUNC void LogFile::clear() {
  if (S_ISREG(file_.status().st_mode) && ::ftruncate(file_.number(), 0) != 0) throw trouble(errno);
  ends_in_newline_ = true;
}

LAMINA_FUNC void LogFile::take_back() {
  const auto size = file_.status().st_size;
  if (size > torn_) whole_ = torn_;  // other records follow it and are not removed
  else if (size <= whole_ || ::ftruncate(file_.number(), whole_) == 0) torn_ = whole_;
}

}  // namespace detail

#endif

}  // namespace lamina
