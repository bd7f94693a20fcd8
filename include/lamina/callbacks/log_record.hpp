#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../training/history.hpp"
#include "log_file.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A name and its value; empty if, for instance, an epoch has no validation.
struct LogValue {
  std::string_view name;
  std::optional<double> value;
};
using LogRecord = std::vector<LogValue>;

/// Returns the log record of an epoch. Epochs and batches are counted from 1, as in progress bars.
LogRecord log_record(const EpochRecord& epoch);

/// Returns the log record of a batch. Loss and accuracy are means over the epoch so far.
LogRecord log_record(const BatchEnd& batch);

inline bool has_line(LogLines lines, const EpochEnd&) { return lines != LogLines::batches; }
inline bool has_line(LogLines lines, const BatchEnd&) { return lines != LogLines::epochs; }

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/log_record.ipp"
#endif
