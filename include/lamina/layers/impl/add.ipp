#pragma once

#include "../add.hpp"

#include <algorithm>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void Add::check_back(std::size_t before) const {
  if (back < 1 || static_cast<std::size_t>(back) > before)
    throw ShapeError(message("Add: expects .back from 1 to ", before, ", the layers before it, but got ", back));
}

LAMINA_FUNC void detail::check_addends(std::span<const Index> own, std::span<const Index> earlier) {
  if (!std::ranges::equal(own, earlier))
    throw ShapeError(message("Add: expects the layers between to keep the shape, but they make ", format_shape(own), " of ",
                             format_shape(earlier), "; change their filters, units or padding"));
}

}  // namespace lamina
