#pragma once

#include "../cpp_calls.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Index count_of(const std::vector<Index>& extents) {
  Index count = 1;
  for (const Index extent : extents) count *= extent;
  return count;
}

LAMINA_FUNC std::string cpp_window_of(const ConvGeometry& slide, const LayerDescription& layer) {
  const auto& [window, stride, unused, dilation, ceils] = slide;
  const Padding padding = slide.padding_of(layer.in[1], layer.in[2]);
  std::string text;
  for (const Index number : {layer.in[1], layer.in[2], layer.in[3], window.height, window.width, stride.height,
                             stride.width, padding.top, padding.left, layer.out[1], layer.out[2]})
    text.append(text.empty() ? "{" : ", ").append(cpp_int(number));
  return text + "}";
}

}  // namespace lamina::detail
