#pragma once

#include <string_view>

#include "history.hpp"

namespace LAMINA_NAMESPACE {

/// The figure of an epoch that early stopping or a plateau rate watches.
enum class Monitor { validation_loss, validation_accuracy, loss, accuracy };

namespace detail {

inline bool needs_validation(Monitor monitor) {
  return monitor == Monitor::validation_loss || monitor == Monitor::validation_accuracy;
}

/// Returns whether a higher value is better.
inline bool rises(Monitor monitor) { return monitor == Monitor::validation_accuracy || monitor == Monitor::accuracy; }

/// Returns the monitored figure of an epoch. Throws std::bad_optional_access if the epoch has no such figure.
double monitored(const EpochRecord& record, Monitor monitor);

void check_monitor(std::string_view who, Monitor monitor, bool has_validation);

/// Throws OptionError if an accuracy is monitored and the targets of that set, training or validation, are numbers.
void check_accuracy(std::string_view who, Monitor monitor, bool training_numbers, bool validation_numbers);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/monitor.ipp"
#endif
