#pragma once

#include "../moving_average.hpp"

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE {

[[gnu::cold]] LAMINA_FUNC void EMA::check(const char* who) const {
  if (!(decay >= 0 && decay < 1))
    throw OptionError(str_cat(who, ": expects an .average with a decay of at least 0 and below 1 but got ", decay));
}

}  // namespace lamina
