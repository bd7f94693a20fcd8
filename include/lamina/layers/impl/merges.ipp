#pragma once

#include "../merges.hpp"

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_backs(std::string_view name, std::span<const Index> back, std::size_t before) {
  for (const Index one : back)
    if (one < 0 || static_cast<std::size_t>(one) > before)
      throw ShapeError(str_cat(name, ": expects .back from 0 to ", before, ", the layers before it, but got ", one));
  if (back.empty()) throw ShapeError(str_cat(name, ": expects to name at least one earlier layer in .back"));
}

LAMINA_FUNC std::string two_shapes(std::span<const Index> a, std::span<const Index> b, const char* remedy) {
  return str_cat(" but got ", format_shape(a), " and ", format_shape(b), "; give the layers before it the ", remedy);
}

LAMINA_FUNC std::vector<Index> merged_extents(Merge merge, std::span<const std::span<const Index>> values) {
  std::vector<Index> made(values[0].begin(), values[0].end());
  for (const auto& value : values.subspan(1)) {
    std::vector<Index> longer((std::max)(made.size(), value.size()));
    merge_extents(merge, made, value, longer);
    made = std::move(longer);
  }
  return made;
}

}  // namespace lamina::detail
