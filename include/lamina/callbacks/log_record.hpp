#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/text.hpp"
#include "../training/history.hpp"
#include "log_file.hpp"

namespace lamina::detail {

/// A name and its value; none where an epoch has no validation, for instance.
struct LogValue {
  std::string_view name;
  std::optional<double> value;
};
using LogRecord = std::vector<LogValue>;

/// What a log says of an epoch. Epochs and batches are counted from 1, as people do and progress bars show.
inline LogRecord log_record(const EpochRecord& epoch) {
  return {{"epoch", static_cast<double>(epoch.epoch + 1)},
          {"loss", epoch.loss},
          {"accuracy", epoch.accuracy},
          {"learning_rate", epoch.learning_rate},
          {"validation_loss", epoch.validation_loss},
          {"validation_accuracy", epoch.validation_accuracy},
          {"seconds", epoch.seconds},
          {"images_per_second", epoch.images_per_second}};
}

/// Of a batch. Loss and accuracy are means over the epoch so far.
inline LogRecord log_record(const BatchEnd& batch) {
  return {{"epoch", static_cast<double>(batch.epoch + 1)},
          {"batch", static_cast<double>(batch.batch + 1)},
          {"batch_loss", batch.batch_loss},
          {"loss", batch.loss},
          {"accuracy", batch.accuracy},
          {"learning_rate", batch.learning_rate}};
}

inline bool has_line(LogLines lines, const EpochEnd&) { return lines != LogLines::batches; }
inline bool has_line(LogLines lines, const BatchEnd&) { return lines != LogLines::epochs; }

}  // namespace lamina::detail
