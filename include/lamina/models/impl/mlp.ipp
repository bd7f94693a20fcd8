#pragma once

#include "../mlp.hpp"

#include <cstddef>

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Network mlp(const std::vector<Index>& sizes, const MLPOptions& options) {
  if (sizes.size() < 2) throw ShapeError(str_cat("mlp: expects at least two sizes but got ", sizes.size()));
  for (const Index size : sizes)
    if (size < 1) throw ShapeError(str_cat("mlp: expects sizes of at least 1 but got ", size));
  Network dense{Flatten{}};
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (i > 1) dense.push_back(options.activation);
    dense.push_back(BasicDense<detail::AnyInitializer, detail::AnyInitializer>{.units = sizes[i], .weight_initializer = options.weights, .bias_initializer = options.biases});
  }
  dense.expect_inputs(sizes.front());
  return dense;
}

}  // namespace lamina
