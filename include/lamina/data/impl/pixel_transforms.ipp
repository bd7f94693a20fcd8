#pragma once

#include "../pixel_transforms.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void Clamp::check() const {
  if (!(low <= high)) throw OptionError(str_cat("Clamp: expects .low ≤ .high but got ", low, " and ", high));
}

LAMINA_FUNC void RandomErasing::check() const {
  detail::check_range("RandomErasing", "area", area, 0, 1);
  detail::check_range("RandomErasing", "aspect", aspect, 0.01, 100);
  if (!std::isfinite(value)) throw OptionError(str_cat("RandomErasing: expects a finite .value but got ", value));
}

}  // namespace lamina
