#pragma once

#include "../log_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC LogFile::LogFile(std::filesystem::path path, IfExists existing) : path_(std::move(path)) {
  std::error_code trouble;
  const auto folder = path_.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, trouble))
    throw DataError(
        message(printable(path_.string()), ": cannot be written: there is no folder ", printable(folder.string()), "; make it first"));
  if (std::filesystem::is_directory(path_, trouble))
    throw DataError(message(printable(path_.string()), ": expects a file but it is a directory; give it a file's name"));
  if (existing == IfExists::append) read_what_is_there();
  errno = 0;
  file_.open(path_,
             std::ios::binary | std::ios::out | (existing == IfExists::append ? std::ios::app : std::ios::trunc));
  if (!file_) fail();
}

LAMINA_FUNC void LogFile::write(std::string_view bytes) {
  errno = 0;
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file_.flush();
  if (!file_) fail();
}

LAMINA_FUNC void LogFile::write_line(std::string line) {
  if (!ends_in_newline_) line.insert(line.begin(), '\n');
  ends_in_newline_ = false;
  write(line += '\n');
  ends_in_newline_ = true;
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

LAMINA_FUNC void LogFile::fail() {
  const int reason = errno;
  file_.clear();
  throw DataError(message(printable(path_.string()), ": cannot be written: ",
                          reason != 0 ? std::generic_category().message(reason) : std::string("the stream refuses")));
}

}  // namespace lamina
