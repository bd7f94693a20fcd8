#pragma once

#include "../pixel_transforms.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void Clamp::check() const {
  if (!(low <= high)) throw OptionError(str_cat("Clamp: expects .low ≤ .high but got ", low, " and ", high));
}

LAMINA_FUNC void ColorJitter::check() const {
  detail::check_range("ColorJitter", "brightness", brightness, 0, 1e6);
  detail::check_range("ColorJitter", "contrast", contrast, 0, 1e6);
  detail::check_range("ColorJitter", "saturation", saturation, 0, 1e6);
  detail::check_range("ColorJitter", "hue", hue, -0.5, 0.5);
}

LAMINA_FUNC void RandomErasing::check() const {
  detail::check_range("RandomErasing", "area", area, 0, 1);
  detail::check_range("RandomErasing", "aspect", aspect, 0.01, 100);
  if (!std::isfinite(value)) throw OptionError(str_cat("RandomErasing: expects a finite .value but got ", value));
}

}  // namespace lamina
