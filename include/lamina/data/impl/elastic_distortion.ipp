#pragma once

#include "../elastic_distortion.hpp"

#include "../augmentation.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void ElasticDistortion::check() const {
  if (!(strength >= 0 && strength <= 1e6))
    throw OptionError(str_cat("ElasticDistortion: expects a .strength of 0 … 1000000 but got ", strength));
  if (!(smoothness >= 0.1 && smoothness <= 100))
    throw OptionError(str_cat("ElasticDistortion: expects a .smoothness of 0.1 … 100 but got ", smoothness));
}

}  // namespace lamina
