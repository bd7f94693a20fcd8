#pragma once

#include "../geometric_transforms.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void BorderMode::check() const {
  if (!std::isfinite(value)) throw OptionError(str_cat("BorderMode: expects a finite .value but got ", value));
}

LAMINA_FUNC void RandomResizedCrop::check() const {
  detail::check_range("RandomResizedCrop", "area", area, 1e-4, 1);
  detail::check_range("RandomResizedCrop", "aspect", aspect, 0.01, 100);
}

LAMINA_FUNC void RandomCrop::check() const {
  if (padding < 0 || padding > static_cast<Index>(detail::most_pixels))
    throw OptionError(str_cat("RandomCrop: expects a .padding of 0 … ", static_cast<Index>(detail::most_pixels),
                              " pixels but got ", padding));
}

}  // namespace lamina
