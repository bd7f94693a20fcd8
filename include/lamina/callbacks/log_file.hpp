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

/// What becomes of a log that is there already.
enum class IfExists { replace, append };

/// What a log has a line for: epochs, batches, or either, each when it ends.
enum class LogLines { epochs, batches, both };

/// A function that is told of a log that cannot be written to any more; without one, that ends the run.
using LogTrouble = std::function<void(const DataError&)>;

struct LogOptions {
  IfExists existing = IfExists::replace;
  LogLines lines = LogLines::epochs;
  LogTrouble on_trouble{};  // without it a line that cannot be written ends the run with DataError; see LogFile
};

/// A file that grows line by line, or record by record. Each is handed to the operating system whole before `write`
/// returns, so that whoever looks at the file meanwhile, or after the program was killed, finds whole lines. Of one that
/// cannot be written wholly (the disk is full) nothing stays in the file. Then `write` throws; but where on_trouble is
/// given, that is told, once until something can be written again, and `write` returns false.
class LogFile {
 public:
  /// Throws DataError, which names the file and the reason, when it cannot be written.
  LogFile(std::filesystem::path path, IfExists existing);

  /// Makes a new file. Returns nothing where the name is taken. Throws as the constructor.
  static std::optional<LogFile> create(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  /// Returns the first line of what was there, without its end, or its first 64 KiB; nothing when there was nothing, or it was
  /// replaced.
  const std::string& first_line() const { return first_line_; }
  bool was_empty() const { return was_empty_; }

  void on_trouble(LogTrouble told) { on_trouble_ = std::move(told); }

  /// Takes away all that is in the file. Throws DataError.
  void clear();

  /// Returns true when all is in the file. Throws DataError when not all could be written, unless on_trouble is there.
  bool write(std::string_view bytes);

  /// Writes a line, and before it the end of a line that was left unfinished when a program was killed.
  bool write_line(std::string line);

 private:
  LogFile() = default;

  void open(IfExists existing);
  void read_what_is_there();

  /// Returns 0, or what errno says, and then takes back what was written.
  int append(std::string_view bytes);

  DataError trouble(int reason) const;

#if defined(_WIN32)
  std::ofstream file_;
#else
  /// Cuts off the part of a record that was written, if nobody wrote behind it.
  void take_back();

  detail::OpenFile file_;
  std::int64_t whole_ = 0, torn_ = 0;  // how long the file was before a record, and with what was written of it
#endif
  std::filesystem::path path_;
  std::string first_line_;
  LogTrouble on_trouble_;
  bool was_empty_ = true, ends_in_newline_ = true, in_trouble_ = false;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/log_file.ipp"
#endif
