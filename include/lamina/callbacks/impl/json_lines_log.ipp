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
    throw DataError(str_cat(printable(file_.path().string()),
                            ": cannot be appended to: expects a file whose lines are JSON objects; "
                            "give another name, or .existing = IfExists::replace"));
  file_.on_trouble(options.on_trouble);
}

LAMINA_FUNC void JsonLinesLog::operator()(const EpochEnd& end) {
  if (!detail::has_line(lines_, end)) return;
  std::string lines;
  if (lines_ == LogLines::epochs && begins_)
    for (const EpochRecord& record : end.continued) add(lines, "epoch", detail::log_record(record));
  add(lines, "epoch", detail::log_record(end.record));
  if (file_.write_line(std::move(lines))) begins_ = false;
}

LAMINA_FUNC void JsonLinesLog::operator()(const BatchEnd& end) {
  if (!detail::has_line(lines_, end)) return;
  std::string line;
  add(line, "batch", detail::log_record(end));
  file_.write_line(std::move(line));
}

LAMINA_FUNC void JsonLinesLog::add(std::string& lines, std::string_view event, const detail::LogRecord& record) {
  std::string line = "{\"event\":\"";
  line.append(event).append("\"");
  for (const auto& [name, value] : record) {
    if (!value) continue;
    line.append(",\"").append(name).append("\":");
    line += std::isfinite(*value) ? detail::shortest(*value) : std::string("null");
  }
  lines.append(lines.empty() ? "" : "\n").append(line).append("}");
}

}  // namespace lamina
