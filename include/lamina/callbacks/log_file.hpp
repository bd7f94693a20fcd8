#pragma once

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "../core/error.hpp"

namespace lamina {

/// What becomes of a log that is there already.
enum class IfExists { replace, append };

/// What a log has a line for: epochs, batches, or either, each when it ends.
enum class LogLines { epochs, batches, both };

struct LogOptions {
  IfExists existing = IfExists::replace;
  LogLines lines = LogLines::epochs;
};

/// A file that grows line by line, or record by record. Each is handed to the operating system whole before `write`
/// returns, so that whoever looks at the file meanwhile, or after the program was killed, finds whole lines.
class LogFile {
 public:
  /// Throws DataError, which names the file and the reason, when it cannot be written.
  LogFile(std::filesystem::path path, IfExists existing) : path_(std::move(path)) {
    std::error_code trouble;
    const auto folder = path_.parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder, trouble))
      throw DataError(
          message(path_.string(), ": cannot be written: there is no folder ", folder.string(), "; make it first"));
    if (std::filesystem::is_directory(path_, trouble))
      throw DataError(message(path_.string(), ": expects a file but it is a directory; give it a file's name"));
    if (existing == IfExists::append) read_what_is_there();
    errno = 0;
    file_.open(path_,
               std::ios::binary | std::ios::out | (existing == IfExists::append ? std::ios::app : std::ios::trunc));
    if (!file_) fail();
  }

  const std::filesystem::path& path() const { return path_; }

  /// The first line of what was there, without its end; nothing when there was nothing, or it was replaced.
  const std::string& first_line() const { return first_line_; }
  bool was_empty() const { return was_empty_; }

  /// Throws DataError when not all could be written: the disk is full, for instance.
  void write(std::string_view bytes) {
    errno = 0;
    file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file_.flush();
    if (!file_) fail();
  }

  /// A line, and before it the end of a line that was left unfinished when a program was killed.
  void write_line(std::string line) {
    if (!ends_in_newline_) line.insert(line.begin(), '\n');
    ends_in_newline_ = false;
    write(line += '\n');
    ends_in_newline_ = true;
  }

 private:
  void read_what_is_there() {
    std::ifstream there(path_, std::ios::binary);
    if (!there || !std::filesystem::is_regular_file(path_)) return;
    std::getline(there, first_line_);
    was_empty_ = first_line_.empty() && there.eof();
    if (was_empty_) return;
    there.clear();
    there.seekg(-1, std::ios::end);
    ends_in_newline_ = there.get() == '\n';
  }

  [[noreturn]] void fail() {
    const int reason = errno;
    file_.clear();
    throw DataError(message(path_.string(), ": cannot be written: ",
                            reason != 0 ? std::generic_category().message(reason) : std::string("the stream refuses")));
  }

  std::filesystem::path path_;
  std::string first_line_;
  std::ofstream file_;
  bool was_empty_ = true, ends_in_newline_ = true;
};

}  // namespace lamina
