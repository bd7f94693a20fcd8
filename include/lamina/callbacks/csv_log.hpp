#pragma once

#include <filesystem>
#include <string>
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
/// Where targets are numbers, the columns rmse, mae, r2 and validation_rmse, … stand in place of the accuracies. The first
/// epoch, or batch, decides: a new file has the first kind of columns until then.
///
/// It takes batches too, as .on_batch, and writes a line for each when .lines says so.
class CsvLog {
 public:
  /// Throws DataError, which names the file, when it cannot be written, and when it is to be appended to but holds
  /// something else or other columns. Whether those of a file that is appended to are for numbers is seen at the first epoch
  /// or batch, which throws the same.
  explicit CsvLog(std::filesystem::path path, const LogOptions& options = {});

  void operator()(const EpochEnd& end);
  void operator()(const BatchEnd& end);

 private:
  enum class Figures { of_classes, of_numbers };

  static std::vector<std::string_view> columns(LogLines lines, Figures figures);
  static std::string header(const std::vector<std::string_view>& columns);

  [[noreturn, gnu::cold]] void refuse(const std::string& expected) const;

  /// Gives a new file other columns, if this line needs them, and refuses those of another file.
  void decide(Figures figures);

  /// Adds a record's line to others, their ends between them.
  void add(std::string& lines, const detail::LogRecord& record) const;

  bool write(std::string lines);

  LogFile file_;
  LogLines lines_;
  bool begins_ = file_.was_empty();  // nothing is said yet
  bool is_new_ = file_.was_empty(), decided_ = false;
  bool lacks_header_ = false;
  std::vector<std::string_view> columns_;
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/csv_log.ipp"
#endif
