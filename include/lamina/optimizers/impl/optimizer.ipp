#pragma once

#include "../optimizer.hpp"

#include <cmath>

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_learning_rate(std::string_view who, double rate) {
  if (!std::isfinite(rate) || rate <= 0)
    throw OptionError(str_cat(who, ": expects a finite learning_rate above 0 but got ", rate));
}

LAMINA_FUNC void check_penalty(std::string_view who, const char* what, double value) {
  if (!std::isfinite(value) || value < 0)
    throw OptionError(str_cat(who, ": expects a finite ", what, " of at least 0 but got ", value));
}

}  // namespace lamina::detail
