#pragma once

#include "../early_stopping.hpp"

#include <cmath>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void EarlyStopping::check(bool has_validation) const {
  if (patience < 1)
    throw OptionError(str_cat("EarlyStopping: expects a patience of at least 1 epoch but got ", patience));
  if (!std::isfinite(min_delta) || min_delta < 0)
    throw OptionError(str_cat("EarlyStopping: expects a finite min_delta of at least 0 but got ", min_delta));
  detail::check_monitor("EarlyStopping", monitor, has_validation);
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool Patience::better(const EpochRecord& record) {
  const double figure = monitored(record, options_.monitor);
  const bool yes =
      rises(options_.monitor) ? figure > state_.best + options_.min_delta : figure < state_.best - options_.min_delta;
  if (yes) {
    state_.best = figure;
    state_.best_epoch = record.epoch;
  }
  state_.waited = yes ? 0 : state_.waited + 1;
  return yes;
}

}  // namespace lamina::detail
