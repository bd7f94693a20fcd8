#pragma once

#include "../fused_chain.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void refuse_layer(std::size_t place, const ShapeError& error) {
  throw ShapeError(str_cat("layer ", place, ": ", error.what()));
}

}  // namespace lamina::detail
