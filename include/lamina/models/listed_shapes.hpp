#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "../core/shape.hpp"
#include "../layers/merges.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The shape of images or of rows.
using AnyShape = std::variant<Shape<2>, Shape<4>>;

/// Returns the shape that a listed merge makes. `inputs` are those of the layers up to it, and the last one is its own.
/// Throws ShapeError if there is no such layer or the shapes do not match.
template <typename L>
AnyShape merged_shape(const L& merge, const std::vector<AnyShape>& inputs) {
  check_backs(L::name, merge.backs(), inputs.size() - 1);
  std::vector<std::span<const Index>> values;
  const auto take = [&](const AnyShape& shape) {
    values.push_back(std::visit([](const auto& own) { return std::span<const Index>(own.extents); }, shape));
  };
  for (const Index back : merge.backs()) take(inputs[inputs.size() - 1 - static_cast<std::size_t>(back)]);
  if (L::merge != Merge::from) take(inputs.back());
  const std::vector<Index> made = merged_extents(L::merge, values);
  if (made.size() == 4) return Shape<4>{{made[0], made[1], made[2], made[3]}};
  return Shape<2>{{made[0], made[1]}};
}

}  // namespace lamina::detail
