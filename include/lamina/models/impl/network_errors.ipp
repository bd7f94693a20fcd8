#pragma once

#include "../network_errors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void refuse_images(const Shape<4>& out) {
  throw ShapeError(str_cat("Network: expects to end in rows (N, K) but its last layer gives images ", out,
                           "; put Flatten{} behind it"));
}

}  // namespace lamina::detail
