#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#if defined(_WIN32)
#include <fstream>
#endif

#include "../core/error.hpp"
#include "../core/open_file.hpp"

namespace LAMINA_NAMESPACE {

/// The choice for a log file that already exists.
enum class IfExists { replace, append };

/// The choice of lines in a log: one at the end of every epoch, of every batch, or of both.
enum class LogLines { epochs, batches, both };

/// A function that is called when a log cannot be written any more. Without it, the error ends the run.
using LogTrouble = std::function<void(const DataError&)>;

struct LogOptions {
  IfExists existing = IfExists::replace;
  LogLines lines = LogLines::epochs;
  LogTrouble on_trouble{};  // without it a failed write ends the run with DataError; see LogFile
};

namespace detail {

/// A file that grows line by line, or record by record. `write` passes each one completely to the operating system before
/// it returns, so that readers see whole lines, even after the program was killed. If a record cannot be written
/// completely (the disk is full), nothing of it stays in the file. Then `write` throws, or, if on_trouble is given, calls
/// it once and returns false until writing succeeds again.
class LogFile {
 public:
  /// Opens the file. Throws DataError, which names the file and the reason, if it cannot be written.
  LogFile(std::filesystem::path path, IfExists existing);

  /// Creates a new file. Returns nothing if the name is taken. Throws as the constructor does.
  static std::optional<LogFile> create(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  /// Returns the first line of the old content without its end, or its first 64 KiB; empty if there was none, or it was replaced.
  const std::string& first_line() const { return first_line_; }
  bool was_empty() const { return was_empty_; }

  void on_trouble(LogTrouble told) { on_trouble_ = std::move(told); }

  /// Removes all content. Throws DataError.
  void clear();

  /// Returns true if everything was written. Throws DataError if not, unless on_trouble is given.
  bool write(std::string_view bytes);

  /// Writes a line. If a killed program left an unfinished line, ends that line first.
  bool write_line(std::string line);

 private:
  LogFile() = default;

  void open(IfExists existing);
  void read_what_is_there();

  /// Returns 0, or an errno after removing what was written.
  int append(std::string_view bytes);

  DataError trouble(int reason) const;

#if defined(_WIN32)
  std::ofstream file_;
#else
  /// Removes the written part of a record, unless another process has written after it.
  void take_back();

  detail::OpenFile file_;
  std::int64_t whole_ = 0, torn_ = 0;  // length of the file before a record, and with the part that was written
#endif
  std::filesystem::path path_;
  std::string first_line_;
  LogTrouble on_trouble_;
  bool was_empty_ = true, ends_in_newline_ = true, in_trouble_ = false;
};

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/log_file.ipp"
#endif
