#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "log_record.hpp"

namespace LAMINA_NAMESPACE {

/// A callback that writes training results as comma-separated values (RFC 4180, lines end in \n), for spreadsheets,
/// pandas or gnuplot: a header and a line per epoch or batch. Missing values are empty. Each line is in the file when the
/// callback returns.
///
///   CsvLog csv{"run.csv"};
///   trainer.fit(model, train, {.epochs = 5, .on_epoch = std::ref(csv)});
///
///   epoch,loss,accuracy,learning_rate,validation_loss,validation_accuracy,seconds,images_per_second
///   1,0.31542,0.904,0.05,0.0981,0.9692,1.93,31088.1
///
/// For regression the columns rmse, mae, r2 and validation_rmse, … replace the accuracies. The first epoch, or batch,
/// decides: until then a new file has the columns for classes.
///
/// As .on_batch it also takes batches, and writes a line for each if .lines says so.
class CsvLog {
 public:
  /// Opens the file. Throws DataError, which names the file, if it cannot be written, or if it is to be appended to but
  /// has other content or other columns. Columns for regression are checked at the first epoch or batch, which throws the same.
  explicit CsvLog(std::filesystem::path path, const LogOptions& options = {});

  void operator()(const EpochEnd& end);
  void operator()(const BatchEnd& end);

 private:
  enum class Figures { of_classes, of_numbers };

  static std::vector<std::string_view> columns(LogLines lines, Figures figures);
  static std::string header(const std::vector<std::string_view>& columns);

  [[noreturn, gnu::cold]] void refuse(const std::string& expected) const;

  /// Gives a new file the columns that this record needs. Throws DataError if an existing file has other columns.
  void decide(Figures figures);

  /// Adds a record's line to others, separated by newlines.
  void add(std::string& lines, const detail::LogRecord& record) const;

  bool write(std::string lines);

  detail::LogFile file_;
  LogLines lines_;
  bool begins_ = file_.was_empty();  // nothing was written yet
  bool is_new_ = file_.was_empty(), decided_ = false;
  bool lacks_header_ = false;
  std::vector<std::string_view> columns_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/csv_log.ipp"
#endif
