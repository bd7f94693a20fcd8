#pragma once

#include <string_view>

#include "../core/error.hpp"
#include "history.hpp"

namespace lamina {

/// The figure of an epoch that early stopping or a learning rate on a plateau goes by.
enum class Monitor { validation_loss, validation_accuracy, loss, accuracy };

namespace detail {

inline bool needs_validation(Monitor monitor) {
  return monitor == Monitor::validation_loss || monitor == Monitor::validation_accuracy;
}

/// Whether more is better.
inline bool rises(Monitor monitor) { return monitor == Monitor::validation_accuracy || monitor == Monitor::accuracy; }

/// Throws std::bad_optional_access where the epoch has no such figure.
inline double monitored(const EpochRecord& record, Monitor monitor) {
  switch (monitor) {
    case Monitor::validation_loss: return record.validation_loss.value();
    case Monitor::validation_accuracy: return record.validation_accuracy.value();
    case Monitor::loss: return record.loss;
    default: return record.accuracy;
  }
}

inline void check_monitor(std::string_view who, Monitor monitor, bool has_validation) {
  if (needs_validation(monitor) && !has_validation)
    throw OptionError(
        message(who, ": goes by the validation set but fit got none; give .validation, or .monitor = Monitor::",
                monitor == Monitor::validation_loss ? "loss" : "accuracy"));
}

}  // namespace detail
}  // namespace lamina
