#pragma once

#include "../csv_log.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC CsvLog::CsvLog(std::filesystem::path path, const LogOptions& options)
    : file_(std::move(path), options.existing), lines_(options.lines),
      columns_(columns(options.lines, Figures::of_classes)) {
  if (is_new_)
    file_.write_line(header(columns_));
  else if (file_.first_line() != header(columns_) && file_.first_line() != header(columns(lines_, Figures::of_numbers)))
    refuse(header(columns_));
  file_.on_trouble(options.on_trouble);
}

LAMINA_FUNC void CsvLog::operator()(const EpochEnd& end) {
  if (!detail::has_line(lines_, end)) return;
  decide(end.record.regression ? Figures::of_numbers : Figures::of_classes);
  std::string lines;
  if (lines_ == LogLines::epochs && begins_)
    for (const EpochRecord& record : end.continued) add(lines, detail::log_record(record));
  add(lines, detail::log_record(end.record));
  if (write(std::move(lines))) begins_ = false;
}

LAMINA_FUNC void CsvLog::operator()(const BatchEnd& end) {
  if (!detail::has_line(lines_, end)) return;
  decide(end.regression ? Figures::of_numbers : Figures::of_classes);
  std::string line;
  add(line, detail::log_record(end));
  write(std::move(line));
}

LAMINA_FUNC void CsvLog::refuse(const std::string& expected) const {
  throw DataError(str_cat(printable(file_.path().string()),
                          ": cannot be appended to: expects a file that begins with the line \"", expected,
                          "\"; give another name, or .existing = IfExists::replace"));
}

LAMINA_FUNC void CsvLog::decide(Figures figures) {
  if (decided_) return;
  columns_ = columns(lines_, figures);
  if (!is_new_) {
    if (file_.first_line() != header(columns_)) refuse(header(columns_));
  } else if (figures == Figures::of_numbers) {
    file_.clear();
    lacks_header_ = true;
  }
  decided_ = true;
}

LAMINA_FUNC std::string CsvLog::header(const std::vector<std::string_view>& columns) {
  std::string line;
  for (const std::string_view name : columns) line.append(line.empty() ? "" : ",").append(name);
  return line;
}

LAMINA_FUNC std::vector<std::string_view> CsvLog::columns(LogLines lines, Figures figures) {
  EpochRecord epoch;
  BatchEnd batch;
  if (figures == Figures::of_numbers) batch.regression = epoch.regression.emplace();
  std::vector<std::string_view> names;
  if (lines != LogLines::epochs)
    for (const auto& [name, value] : detail::log_record(batch)) names.push_back(name);
  if (lines != LogLines::batches)
    for (const auto& [name, value] : detail::log_record(epoch))
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

LAMINA_FUNC void CsvLog::add(std::string& lines, const detail::LogRecord& record) const {
  std::string line;
  for (const std::string_view column : columns_) {
    if (column != columns_.front()) line += ',';
    for (const auto& [name, value] : record)
      if (name == column && value) line += detail::shortest(*value);
  }
  lines.append(lines.empty() ? "" : "\n").append(line);
}

LAMINA_FUNC bool CsvLog::write(std::string lines) {
  if (lacks_header_) lines.insert(0, header(columns_) + "\n");
  const bool written = file_.write_line(std::move(lines));
  if (written) lacks_header_ = false;
  return written;
}

}  // namespace lamina
