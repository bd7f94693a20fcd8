#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "log_record.hpp"

namespace LAMINA_NAMESPACE {

/// Writes what training comes to as JSON lines, an object per epoch or batch (jsonlines.org). What an epoch does not
/// have is left out; JSON has no NaN and no infinity, null stands for both. Each line is in the file when the callback
/// returns.
///
///   JsonLinesLog log{"run.jsonl", {.existing = IfExists::append, .lines = LogLines::both}};
///   trainer.fit(model, train, {.epochs = 5, .on_batch = std::ref(log), .on_epoch = std::ref(log)});
///
///   {"event":"batch","epoch":1,"batch":1,"batch_loss":2.31,"loss":2.31,"accuracy":0.125,"learning_rate":0.05}
///   {"event":"epoch","epoch":1,"loss":0.31542,"accuracy":0.904,"learning_rate":0.05,"seconds":1.93,"images_per_second":31088.1}
class JsonLinesLog {
 public:
  /// Throws DataError, which names the file, when it cannot be written, and when it is to be appended to but does not
  /// begin with an object.
  explicit JsonLinesLog(std::filesystem::path path, const LogOptions& options = {});

  void operator()(const EpochEnd& end);
  void operator()(const BatchEnd& end);

 private:
  /// Adds a record's line to others, their ends between them.
  static void add(std::string& lines, std::string_view event, const detail::LogRecord& record);

  LogFile file_;
  LogLines lines_;
  bool begins_ = file_.was_empty();  // nothing is said yet
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/json_lines_log.ipp"
#endif
