#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "../core/config.hpp"

namespace LAMINA_NAMESPACE {

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
  LogFile(std::filesystem::path path, IfExists existing);

  const std::filesystem::path& path() const { return path_; }

  /// The first line of what was there, without its end; nothing when there was nothing, or it was replaced.
  const std::string& first_line() const { return first_line_; }
  bool was_empty() const { return was_empty_; }

  /// Throws DataError when not all could be written: the disk is full, for instance.
  void write(std::string_view bytes);

  /// A line, and before it the end of a line that was left unfinished when a program was killed.
  void write_line(std::string line);

 private:
  void read_what_is_there();

  [[noreturn]] void fail();

  std::filesystem::path path_;
  std::string first_line_;
  std::ofstream file_;
  bool was_empty_ = true, ends_in_newline_ = true;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/log_file.ipp"
#endif
