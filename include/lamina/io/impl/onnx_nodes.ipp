#pragma once

#include "../onnx_nodes.hpp"

#include "../../models/any_layer.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OnnxNode&& OnnxNode::ints(std::string_view attribute, std::initializer_list<Index> values) && {
  return std::move(*this).with(attribute, 7, [&](ProtobufWriter& proto) {
    for (const Index value : values) proto.number(8, value);
  });
}

LAMINA_FUNC OnnxNode OnnxNodeOf::windowed(const char* op, const Slide& slide) {
  const auto& [window, stride, padding] = slide;
  return OnnxNode{op}
      .ints("kernel_shape", {window.height, window.width})
      .ints("strides", {stride.height, stride.width})
      .ints("pads", {padding.height, padding.width, padding.height, padding.width});
}

}  // namespace lamina::detail
