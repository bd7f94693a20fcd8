#pragma once

#include "../schedules.hpp"

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_schedule(bool possible, const char* expectation, double value) {
  if (!possible) throw OptionError(str_cat(expectation, " but got ", value));
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC double LinearDecay::operator()(double done) const {
  detail::check_schedule(std::isfinite(from) && from >= 0, "LinearDecay: expects a finite .from of at least 0", from);
  detail::check_schedule(std::isfinite(to) && to >= 0, "LinearDecay: expects a finite .to of at least 0", to);
  return from + (to - from) * done;
}

LAMINA_FUNC double StepDecay::operator()(double done) const {
  detail::check_schedule(std::isfinite(factor) && factor > 0, "StepDecay: expects a finite .factor above 0", factor);
  detail::check_schedule(every > 0 && every <= 1,
                         "StepDecay: expects .every above 0 and at most 1, a share of the run,", every);
  const double rounding = 1e-9;  // so that the fifth of five steps of 0.2 begins at 0.8, although 0.8 / 0.2 is not exact in binary
  return std::pow(factor, std::floor(done / every + rounding));
}

LAMINA_FUNC double WarmUp::operator()(double done) const {
  detail::check_schedule(share > 0 && share < 1, "WarmUp: expects .share above 0 and below 1, of the run,", share);
  detail::check_schedule(from >= 0 && from <= 1, "WarmUp: expects .from of 0 … 1", from);
  if (!then)
    throw OptionError("WarmUp: expects a schedule .then but got an empty function; leave it out for a constant rate");
  return done < share ? from + (1 - from) * done / share : then((done - share) / (1 - share));
}

LAMINA_FUNC double OneCycle::operator()(double done) const {
  detail::check_schedule(share > 0 && share < 1, "OneCycle: expects .share above 0 and below 1, of the run,", share);
  detail::check_schedule(std::isfinite(divide_start) && divide_start >= 1,
                         "OneCycle: expects .divide_start of at least 1", divide_start);
  detail::check_schedule(std::isfinite(divide_end) && divide_end >= 1, "OneCycle: expects .divide_end of at least 1",
                         divide_end);
  const double start = 1 / divide_start;
  return done < share ? between(start, 1, done / share)
                      : between(1, start / divide_end, (done - share) / (1 - share));
}

}  // namespace lamina
