#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "log_record.hpp"

namespace LAMINA_NAMESPACE {

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
  explicit CsvLog(std::filesystem::path path, const LogOptions& options = {});

  void operator()(const EpochEnd& end);
  void operator()(const BatchEnd& end) {
    if (detail::has_line(lines_, end)) write(detail::log_record(end));
  }

 private:
  static std::vector<std::string_view> columns(LogLines lines);

  void write(const detail::LogRecord& record);

  LogFile file_;
  LogLines lines_;
  bool begins_ = file_.was_empty();  // nothing is said yet
  std::vector<std::string_view> columns_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/csv_log.ipp"
#endif
