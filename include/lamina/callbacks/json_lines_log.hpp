#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "log_record.hpp"

namespace LAMINA_NAMESPACE {

/// A callback that writes training results as JSON lines, an object per epoch or batch (jsonlines.org). Missing values
/// are left out. NaN and infinity, which JSON does not have, become null. Each line is in the file when the callback returns.
///
///   JsonLinesLog log{"run.jsonl", {.existing = IfExists::append, .lines = LogLines::both}};
///   trainer.fit(model, train, {.epochs = 5, .on_batch = std::ref(log), .on_epoch = std::ref(log)});
///
///   {"event":"batch","epoch":1,"batch":1,"batch_loss":2.31,"loss":2.31,"accuracy":0.125,"learning_rate":0.05}
///   {"event":"epoch","epoch":1,"loss":0.31542,"accuracy":0.904,"learning_rate":0.05,"seconds":1.93,"images_per_second":31088.1}
class JsonLinesLog {
 public:
  /// Opens the file. Throws DataError, which names the file, if it cannot be written, or if it is to be appended to but
  /// does not begin with an object.
  explicit JsonLinesLog(std::filesystem::path path, const LogOptions& options = {});

  void operator()(const EpochEnd& end);
  void operator()(const BatchEnd& end);

 private:
  /// Adds a record's line to others, separated by newlines.
  static void add(std::string& lines, std::string_view event, const detail::LogRecord& record);

  detail::LogFile file_;
  LogLines lines_;
  bool begins_ = file_.was_empty();  // nothing was written yet
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/json_lines_log.ipp"
#endif
