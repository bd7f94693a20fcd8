#pragma once

#include <string_view>

#include "history.hpp"

namespace LAMINA_NAMESPACE {

/// The figure of an epoch that early stopping or a learning rate on a plateau goes by.
enum class Monitor { validation_loss, validation_accuracy, loss, accuracy };

namespace detail {

inline bool needs_validation(Monitor monitor) {
  return monitor == Monitor::validation_loss || monitor == Monitor::validation_accuracy;
}

/// Whether more is better.
inline bool rises(Monitor monitor) { return monitor == Monitor::validation_accuracy || monitor == Monitor::accuracy; }

/// Throws std::bad_optional_access where the epoch has no such figure.
double monitored(const EpochRecord& record, Monitor monitor);

void check_monitor(std::string_view who, Monitor monitor, bool has_validation);

/// Throws OptionError for an accuracy of a set whose targets are numbers: the training set's, the validation set's.
void check_accuracy(std::string_view who, Monitor monitor, bool training_numbers, bool validation_numbers);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/monitor.ipp"
#endif
