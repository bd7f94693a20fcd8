#pragma once

#include "../gradient_sum.hpp"

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void GradientClipping::check(const char* who) const {
  for (const auto& [name, limit] : {std::pair{"norm", norm}, std::pair{"value", value}})
    if (limit && !(std::isfinite(*limit) && *limit > 0))
      throw OptionError(str_cat(who, ": expects a finite .clip.", name, " above 0 but got ", *limit));
}

}  // namespace lamina
