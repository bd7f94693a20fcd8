#pragma once

#include "../onnx_nodes.hpp"

#include "../../models/any_layer.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OnnxNode&& OnnxNode::ints(std::string_view attribute, std::initializer_list<Index> values) && {
  return std::move(*this).with(attribute, 7, [&](ProtobufWriter& proto) {
    for (const Index value : values) proto.number(8, value);
  });
}

LAMINA_FUNC OnnxNode OnnxNodeOf::windowed(const char* op, const ConvGeometry& slide) {
  const auto& [window, stride, padding, dilation, ceils] = slide;
  OnnxNode node = OnnxNode{op}.ints("kernel_shape", {window.height, window.width}).ints("strides", {stride.height, stride.width});
  if (padding.same)
    std::move(node).text("auto_pad", "SAME_UPPER");
  else
    std::move(node).ints("pads", {padding.top, padding.left, padding.bottom, padding.right});
  if (dilation != Size2D(1)) std::move(node).ints("dilations", {dilation.height, dilation.width});
  if (ceils) std::move(node).whole("ceil_mode", 1);
  return node;
}

//   x·½·(1 + erf(x/√2)), or x·½·(1 + tanh(√(2/π)·x·(1 + 0.044715·x²)))
LAMINA_FUNC OnnxNode OnnxNodeOf::operator()(const GELU& gelu) const {
  if (!gelu.approximate)
    return OnnxNode{"Div"}
        .constant(1.4142135623730951)
        .followed_by(OnnxNode{"Erf"})
        .followed_by(OnnxNode{"Add"}.constant(1))
        .followed_by(OnnxNode::with_input("Mul"))
        .followed_by(OnnxNode{"Mul"}.constant(0.5));
  return OnnxNode{"Pow"}
      .constant(2)
      .followed_by(OnnxNode{"Mul"}.constant(0.044715))
      .followed_by(OnnxNode{"Add"}.constant(1))
      .followed_by(OnnxNode::with_input("Mul"))
      .followed_by(OnnxNode{"Mul"}.constant(0.7978845608028654))
      .followed_by(OnnxNode{"Tanh"})
      .followed_by(OnnxNode{"Add"}.constant(1))
      .followed_by(OnnxNode::with_input("Mul"))
      .followed_by(OnnxNode{"Mul"}.constant(0.5));
}

/// Returns an InstanceNormalization with one channel per group, as torch.onnx.export writes it: opset 17 has no GroupNorm.
LAMINA_FUNC OnnxNode OnnxNodeOf::operator()(const GroupNorm& norm) const {
  const std::vector<float> ones(static_cast<std::size_t>(norm.groups), 1.0F), zeros(ones.size(), 0.0F);
  OnnxNode node = OnnxNode{"Reshape"}
                      .constant(OnnxConstant{{3}, {}, {0, norm.groups, -1}})
                      .followed_by(OnnxNode{"InstanceNormalization"}
                                       .constant(OnnxConstant{{norm.groups}, ones})
                                       .constant(OnnxConstant{{norm.groups}, zeros})
                                       .real("epsilon", norm.epsilon))
                      .followed_by(OnnxNode{"Reshape"}.constant(OnnxConstant{{4}, {}, {0, in[3], in[1], in[2]}}));
  if (!norm.affine) return node;
  return std::move(node).followed_by(OnnxNode::with_tensor("Mul", 0)).followed_by(OnnxNode::with_tensor("Add", 1));
}

LAMINA_FUNC OnnxNode OnnxNodeOf::operator()(const LayerNorm& norm) const {
  OnnxNode node = OnnxNode{"LayerNormalization"}.whole("axis", -1).real("epsilon", norm.epsilon);
  if (!norm.affine)
    node.constants.push_back({{in.back()}, std::vector<float>(static_cast<std::size_t>(in.back()), 1.0F)});
  if (in.size() == 2) return node;
  node.tensors = norm.affine ? 2 : 0;
  return OnnxNode{"Transpose"}
      .ints("perm", {0, 2, 3, 1})
      .followed_by(std::move(node))
      .followed_by(OnnxNode{"Transpose"}.ints("perm", {0, 3, 1, 2}));
}

LAMINA_FUNC OnnxNode OnnxNodeOf::operator()(const Subsample& sample) const {
  const Index C = in[3], front = sample.front(C), back = sample.channels == 0 ? 0 : sample.channels - C - front;
  return OnnxNode{"Slice"}
      .constant({{2}, {}, {0, 0}})                                        // starts
      .constant({{2}, {}, {in[1], in[2]}})                                // ends
      .constant({{2}, {}, {2, 3}})                                        // axes
      .constant({{2}, {}, {sample.stride.height, sample.stride.width}})  // steps
      .followed_by(OnnxNode{"Pad"}.constant({{8}, {}, {0, front, 0, 0, 0, back, 0, 0}}));
}

LAMINA_FUNC OnnxNode OnnxNodeOf::operator()(const ChannelShuffle& shuffle) const {
  const Index g = shuffle.groups;
  return OnnxNode{"Reshape"}
      .constant(OnnxConstant{{5}, {}, {0, g, in[3] / g, in[1], in[2]}})
      .followed_by(OnnxNode{"Transpose"}.ints("perm", {0, 2, 1, 3, 4}))
      .followed_by(OnnxNode{"Reshape"}.constant(OnnxConstant{{4}, {}, {0, in[3], in[1], in[2]}}));
}

LAMINA_FUNC OnnxNode OnnxNodeOf::operator()(const Narrow& narrow) const {
  return OnnxNode{"Slice"}
      .constant({{1}, {}, {narrow.start}})
      .constant({{1}, {}, {narrow.start + narrow.length}})
      .constant({{1}, {}, {1}});  // axes
}

LAMINA_FUNC OnnxNode OnnxNodeOf::operator()(const Upsample& upsample) const {
  const auto factor = [](Index one) { return static_cast<float>(one); };
  OnnxNode node = OnnxNode{"Resize"}
                      .constant(OnnxConstant{{0}, {}})  // a region, which other modes have
                      .constant(OnnxConstant{{4}, {1, 1, factor(upsample.scale_factor.height), factor(upsample.scale_factor.width)}});
  if (upsample.bilinear) return std::move(node).text("mode", "linear").text("coordinate_transformation_mode", "half_pixel");
  return std::move(node).text("mode", "nearest").text("coordinate_transformation_mode", "asymmetric").text("nearest_mode", "floor");
}

}  // namespace lamina::detail
