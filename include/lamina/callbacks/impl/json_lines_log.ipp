#pragma once

#include "../json_lines_log.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC JsonLinesLog::JsonLinesLog(std::filesystem::path path, const LogOptions& options)
    : file_(std::move(path), options.existing), lines_(options.lines) {
  if (!file_.was_empty() && !file_.first_line().starts_with('{'))
    throw DataError(message(printable(file_.path().string()),
                            ": cannot be appended to: expects a file whose lines are JSON objects; "
                            "give another name, or .existing = IfExists::replace"));
}

LAMINA_FUNC void JsonLinesLog::operator()(const EpochEnd& end) {
  if (lines_ == LogLines::epochs && std::exchange(begins_, false))
    for (const EpochRecord& record : end.continued) write("epoch", detail::log_record(record));
  if (detail::has_line(lines_, end)) write("epoch", detail::log_record(end.record));
}

LAMINA_FUNC void JsonLinesLog::write(std::string_view event, const detail::LogRecord& record) {
  std::string line = "{\"event\":\"";
  line.append(event).append("\"");
  for (const auto& [name, value] : record) {
    if (!value) continue;
    line.append(",\"").append(name).append("\":");
    line += std::isfinite(*value) ? detail::shortest(*value) : std::string("null");
  }
  file_.write_line(std::move(line.append("}")));
}

}  // namespace lamina
