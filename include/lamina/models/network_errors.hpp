#pragma once

#include <cstddef>
#include <string_view>

#include "../core/error.hpp"
#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Runs an action for the layer at a place; its ShapeErrors get the place.
template <typename Action>
decltype(auto) at_place(std::size_t place, Action&& action) {
  try {
    return action();
  } catch (const ShapeError& error) {
    throw ShapeError(str_cat("layer ", place, ": ", error.what()));
  }
}

/// Throws ShapeError for a layer that cannot take the output of the one before it.
template <int Rank>
[[noreturn, gnu::cold]] void refuse_rank(std::string_view layer, const Shape<Rank>& in) {
  if constexpr (Rank == 4)
    throw ShapeError(str_cat(layer, ": expects rows (N, F) but got images ", in, "; put Flatten{} before it"));
  else
    throw ShapeError(str_cat(layer, ": expects images (N, H, W, C) but got rows ", in, "; put it before Flatten{}"));
}

/// Throws ShapeError for a network whose last layer does not output rows.
[[noreturn]] void refuse_images(const Shape<4>& out);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/network_errors.ipp"
#endif
