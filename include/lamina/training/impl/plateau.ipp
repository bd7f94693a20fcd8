#pragma once

#include "../plateau.hpp"

#include <algorithm>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void ReduceOnPlateau::check(bool has_validation) const {
  if (!(factor > 0 && factor < 1))
    throw OptionError(str_cat("ReduceOnPlateau: expects a factor above 0 and below 1 but got ", factor));
  if (patience < 0)
    throw OptionError(str_cat("ReduceOnPlateau: expects a patience of at least 0 epochs but got ", patience));
  if (!(threshold >= 0 && threshold < 1))
    throw OptionError(str_cat("ReduceOnPlateau: expects a threshold of at least 0 and below 1 but got ", threshold));
  if (cooldown < 0)
    throw OptionError(str_cat("ReduceOnPlateau: expects a cooldown of at least 0 epochs but got ", cooldown));
  if (!(min_factor >= 0 && min_factor <= 1))
    throw OptionError(str_cat("ReduceOnPlateau: expects .min_factor of 0 … 1, a share of the rate, but got ", min_factor));
  detail::check_monitor("ReduceOnPlateau", monitor, has_validation);
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC double PlateauRate::operator()(double figure) {
  const bool better = rises(options_.monitor) ? figure > state_.best * (1 + options_.threshold)
                                              : figure < state_.best * (1 - options_.threshold);
  if (better) state_.best = figure;
  state_.waited = better ? 0 : state_.waited + 1;
  if (state_.resting > 0) {
    --state_.resting;
    state_.waited = 0;
  }
  if (state_.waited > options_.patience) {
    state_.rate = (std::max)(state_.rate * options_.factor, options_.min_factor);
    state_.resting = options_.cooldown;
    state_.waited = 0;
  }
  return state_.rate;
}

}  // namespace lamina::detail
