#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "log_record.hpp"

namespace lamina {

/// Writes what training comes to as comma-separated values (RFC 4180, lines end in \n), a line per epoch or batch under
/// a line of names; what an epoch or a batch does not have is left empty. For a spreadsheet, pandas, gnuplot. Each line
/// is in the file when the callback returns.
///
///   CsvLog csv{"run.csv"};
///   trainer.fit(model, train, {.epochs = 5, .on_epoch = std::ref(csv)});
///
///   epoch,loss,accuracy,learning_rate,validation_loss,validation_accuracy,seconds,images_per_second
///   1,0.31542,0.904,0.05,0.0981,0.9692,1.93,31088.1
///
/// It takes batches too, as .on_batch, and writes a line for each when .lines says so.
class CsvLog {
 public:
  /// Throws DataError, which names the file, when it cannot be written, and when it is to be appended to but holds
  /// something else or other columns.
  explicit CsvLog(std::filesystem::path path, const LogOptions& options = {})
      : file_(std::move(path), options.existing), lines_(options.lines), columns_(columns(options.lines)) {
    std::string header;
    for (const std::string_view name : columns_) header.append(header.empty() ? "" : ",").append(name);
    if (file_.was_empty())
      file_.write_line(std::move(header));
    else if (file_.first_line() != header)
      throw DataError(message(file_.path().string(),
                              ": cannot be appended to: expects a file that begins with the line \"", header,
                              "\"; give another name, or .existing = IfExists::replace"));
  }

  void operator()(const EpochEnd& end) {
    if (lines_ == LogLines::epochs && std::exchange(begins_, false))
      for (const EpochRecord& record : end.continued) write(detail::log_record(record));
    if (detail::has_line(lines_, end)) write(detail::log_record(end.record));
  }
  void operator()(const BatchEnd& end) {
    if (detail::has_line(lines_, end)) write(detail::log_record(end));
  }

 private:
  static std::vector<std::string_view> columns(LogLines lines) {
    std::vector<std::string_view> names;
    if (lines != LogLines::epochs)
      for (const auto& [name, value] : detail::log_record(BatchEnd{})) names.push_back(name);
    if (lines != LogLines::batches)
      for (const auto& [name, value] : detail::log_record(EpochRecord{}))
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    return names;
  }

  void write(const detail::LogRecord& record) {
    std::string line;
    for (const std::string_view column : columns_) {
      if (column != columns_.front()) line += ',';
      for (const auto& [name, value] : record)
        if (name == column && value) line += detail::shortest(*value);
    }
    file_.write_line(std::move(line));
  }

  LogFile file_;
  LogLines lines_;
  bool begins_ = file_.was_empty();  // nothing is said yet
  std::vector<std::string_view> columns_;
};

}  // namespace lamina
