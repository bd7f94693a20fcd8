#pragma once

#include "../csv_log.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC CsvLog::CsvLog(std::filesystem::path path, const LogOptions& options)
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

LAMINA_FUNC void CsvLog::operator()(const EpochEnd& end) {
  if (lines_ == LogLines::epochs && std::exchange(begins_, false))
    for (const EpochRecord& record : end.continued) write(detail::log_record(record));
  if (detail::has_line(lines_, end)) write(detail::log_record(end.record));
}

LAMINA_FUNC std::vector<std::string_view> CsvLog::columns(LogLines lines) {
  std::vector<std::string_view> names;
  if (lines != LogLines::epochs)
    for (const auto& [name, value] : detail::log_record(BatchEnd{})) names.push_back(name);
  if (lines != LogLines::batches)
    for (const auto& [name, value] : detail::log_record(EpochRecord{}))
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

LAMINA_FUNC void CsvLog::write(const detail::LogRecord& record) {
  std::string line;
  for (const std::string_view column : columns_) {
    if (column != columns_.front()) line += ',';
    for (const auto& [name, value] : record)
      if (name == column && value) line += detail::shortest(*value);
  }
  file_.write_line(std::move(line));
}

}  // namespace lamina
