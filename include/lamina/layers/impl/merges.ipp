#pragma once

#include "../merges.hpp"

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void check_backs(std::string_view name, std::span<const Index> back, std::size_t before) {
  for (const Index one : back)
    if (one < 0 || static_cast<std::size_t>(one) > before)
      throw ShapeError(message(name, ": expects .back from 0 to ", before, ", the layers before it, but got ", one));
  if (back.empty()) throw ShapeError(message(name, ": expects to name at least one earlier layer in .back"));
}

LAMINA_FUNC void refuse_merge(Merge merge, std::span<const Index> a, std::span<const Index> b) {
  const std::string got = message(" but got ", format_shape(a), " and ", format_shape(b));
  if (merge == Merge::concat)
    throw ShapeError(message("Concat: expects inputs that differ in the last axis alone, channels or features,", got,
                             "; give the layers before it the strides and paddings that do"));
  if (merge == Merge::mul)
    throw ShapeError(message("Mul: expects inputs of one shape, or images (N, H, W, C) and one number for each channel, "
                             "(N, 1, 1, C) or (N, C),", got, "; give the layers before it as many filters or units as there are channels"));
  throw ShapeError(message("Add: expects inputs of one shape", got,
                           "; give the layers before it the filters, units, strides and paddings that do"));
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
