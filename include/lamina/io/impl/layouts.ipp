#pragma once

#include "../layouts.hpp"

#include <algorithm>
#include <functional>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void FileLayout::for_each_place(FunctionRef<void(Index, Index)> visit) const {
  std::vector<Index> strides(view.size(), 1), at(view.size(), 0);
  for (std::size_t axis = view.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * view[axis];
  Index in_memory = 0;
  const Index size = std::accumulate(view.begin(), view.end(), Index{1}, std::multiplies<>());
  for (Index in_file = 0; in_file < size; ++in_file) {
    visit(in_file, in_memory);
    for (std::size_t i = order.size(); i-- > 0;) {
      const std::size_t axis = order[i];
      in_memory += strides[axis];
      if (++at[axis] < view[axis]) break;
      in_memory -= strides[axis] * view[axis];
      at[axis] = 0;
    }
  }
}

LAMINA_FUNC FileLayout feature_layout(const Shape<1>& tensor, const RowImage& image) {
  if (!image || image->size() != tensor[0]) return file_layout(None{}, tensor, image);
  const auto [H, W, C] = *image;
  return {{tensor[0]}, {H, W, C}, {2, 0, 1}};
}

LAMINA_FUNC RowImage row_image_after(bool flattens, bool keeps_places, std::span<const Index> in, std::span<const Index> out,
                                     const RowImage& image) {
  if (flattens && in.size() == 4) return Shape<3>{{in[1], in[2], in[3]}};
  const bool keeps = in.size() == 2 && std::ranges::equal(in, out) && keeps_places;
  return keeps ? image : std::nullopt;
}

}  // namespace lamina::detail
