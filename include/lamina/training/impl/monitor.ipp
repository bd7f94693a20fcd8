#pragma once

#include "../monitor.hpp"

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double monitored(const EpochRecord& record, Monitor monitor) {
  switch (monitor) {
    case Monitor::validation_loss: return record.validation_loss.value();
    case Monitor::validation_accuracy: return record.validation_accuracy.value();
    case Monitor::loss: return record.loss;
    default: return record.accuracy;
  }
}

LAMINA_FUNC void check_monitor(std::string_view who, Monitor monitor, bool has_validation) {
  if (needs_validation(monitor) && !has_validation)
    throw OptionError(
        str_cat(who, ": needs the validation set but fit got none; give .validation, or .monitor = Monitor::",
                monitor == Monitor::validation_loss ? "loss" : "accuracy"));
}

LAMINA_FUNC void check_accuracy(std::string_view who, Monitor monitor, bool training_numbers, bool validation_numbers) {
  const bool of_validation = monitor == Monitor::validation_accuracy;
  if (rises(monitor) && (of_validation ? validation_numbers : training_numbers))
    throw OptionError(str_cat(who, ": needs the accuracy but the targets of the ",
                              of_validation ? "validation" : "training",
                              " set are numbers, which have none; give .monitor = Monitor::",
                              of_validation ? "validation_loss" : "loss"));
}

}  // namespace lamina::detail
