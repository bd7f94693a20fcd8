#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../layers/activations.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/channel_shuffle.hpp"
#include "../layers/conv.hpp"
#include "../layers/conv_transpose.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/global_pool.hpp"
#include "../layers/group_norm.hpp"
#include "../layers/layer_norm.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/merges.hpp"
#include "../layers/narrow.hpp"
#include "../layers/pool.hpp"
#include "../layers/prelu.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/subsample.hpp"
#include "../layers/tanh.hpp"
#include "../layers/upsample.hpp"
#include "protobuf_writer.hpp"

namespace LAMINA_NAMESPACE::detail {

// These functions describe a network in ONNX, opset 17, in the messages of onnx.proto3. Images are (N, C, H, W) there,
// weights have PyTorch's layout (io/layouts.hpp), each layer is a node, and N is free:
//
//   | Conv | Dense | ReLU | LeakyReLU | Sigmoid | Tanh | Softmax | MaxPool | AvgPool     | Flatten | Dropout  |
//   |------|-------|------|-----------|---------|------|---------|---------|-------------|---------|----------|
//   | Conv | Gemm  | Relu | LeakyRelu | Sigmoid | Tanh | Softmax | MaxPool | AveragePool | Flatten | Identity |
//
// Add, Mul and Concat (along axis 1) take several values; a From is no node. Subsample is a Slice and a Pad, Narrow is a Slice,
// ChannelShuffle is a Transpose between two Reshapes, Upsample is Resize, and ConvTranspose and the global pools have ONNX's names. BatchNorm is BatchNormalization, ReLU6 is Clip, PReLU is PRelu; ELU, HardSigmoid and HardSwish are what they are
// called. A layer for which ONNX has no operator is several nodes: SiLU, GELU, Softplus with a β, GroupNorm; LayerNorm of
// images is one between two Transposes.

/// An initializer that a node brings with it: numbers, or whole ones.
struct OnnxConstant {
  std::vector<Index> dims;
  std::vector<float> numbers{};
  std::vector<Index> wholes{};
};

/// A node of the graph: what it does to values, those that it names or else the output of the node before it, and to the
/// initializers that it names.
class OnnxNode {
 public:
  std::string op, name;
  std::vector<std::string> initializers{};
  std::vector<std::string> inputs{};
  ProtobufWriter attributes{};
  std::vector<OnnxConstant> constants{};  // inputs behind the first
  std::vector<OnnxNode> then{};           // further nodes that the layer is, one after another
  bool takes_input = false;               // of one of these: whether its second input is the layer's
  std::size_t first_tensor = 0;           // … or so many of the layer's tensors, from this one on
  std::size_t tensors = 0;

  explicit OnnxNode(std::string its_op, std::string its_name = {}) : op(std::move(its_op)), name(std::move(its_name)) {}

  OnnxNode&& ints(std::string_view attribute, std::initializer_list<Index> values) &&;
  OnnxNode&& text(std::string_view attribute, std::string_view value) && {
    return std::move(*this).with(attribute, 3, [&](ProtobufWriter& proto) { proto.text(4, value); });
  }
  /// Adds a number as an input.
  OnnxNode&& constant(double value) && {
    constants.push_back({{}, {static_cast<float>(value)}});
    return std::move(*this);
  }
  OnnxNode&& constant(OnnxConstant value) && {
    constants.push_back(std::move(value));
    return std::move(*this);
  }
  OnnxNode&& followed_by(OnnxNode next) && {
    then.push_back(std::move(next));
    return std::move(*this);
  }
  /// Returns a node that takes the previous node's output and the layer's input.
  static OnnxNode with_input(const char* op) {
    OnnxNode node{op};
    node.takes_input = true;
    return node;
  }
  /// Returns a node that takes the previous node's output and one of the layer's tensors.
  static OnnxNode with_tensor(const char* op, std::size_t number) {
    OnnxNode node{op};
    node.first_tensor = number;
    node.tensors = 1;
    return node;
  }
  OnnxNode&& whole(std::string_view attribute, Index value) && {
    return std::move(*this).with(attribute, 2, [&](ProtobufWriter& proto) { proto.number(3, value); });
  }
  OnnxNode&& real(std::string_view attribute, double value) && {
    return std::move(*this).with(attribute, 1,
                                 [&](ProtobufWriter& proto) { proto.number(2, static_cast<float>(value)); });
  }

 private:
  template <typename Write>
  OnnxNode&& with(std::string_view attribute, int type, const Write& write) && {
    ProtobufWriter proto;
    proto.text(1, attribute);  // name
    write(proto);              // f, i or ints
    proto.number(20, type);
    attributes.message(5, proto);
    return std::move(*this);
  }
};

/// A visitor that returns the node of a layer.
struct OnnxNodeOf {
  std::span<const Index> in;  // the extents of its input

  static OnnxNode windowed(const char* op, const ConvGeometry& slide);

  template <typename W, typename B>
  OnnxNode operator()(const BasicConv<W, B>& conv) const {
    OnnxNode node = windowed("Conv", conv.slide());
    if (conv.groups > 1) std::move(node).whole("group", conv.groups);
    return node;
  }
  template <typename W, typename B>
  OnnxNode operator()(const BasicConvTranspose<W, B>& conv) const {
    OnnxNode node = windowed("ConvTranspose", conv.adjoint());
    if (const Size2D more = conv.behind(); more != Size2D(0)) std::move(node).ints("output_padding", {more.height, more.width});
    if (conv.groups > 1) std::move(node).whole("group", conv.groups);
    return node;
  }
  template <typename W, typename B>
  OnnxNode operator()(const BasicDense<W, B>&) const {
    return OnnxNode{"Gemm"}.whole("transB", 1);
  }
  OnnxNode operator()(const MaxPool& pool) const { return windowed("MaxPool", pool.slide()); }
  OnnxNode operator()(const AvgPool& pool) const {
    return windowed("AveragePool", pool.slide()).whole("count_include_pad", pool.count_include_pad);
  }
  OnnxNode operator()(const GlobalMaxPool&) const { return OnnxNode{"GlobalMaxPool"}; }
  OnnxNode operator()(const GlobalAveragePool&) const { return OnnxNode{"GlobalAveragePool"}; }
  OnnxNode operator()(const Subsample& sample) const;
  OnnxNode operator()(const ChannelShuffle& shuffle) const;
  OnnxNode operator()(const Narrow& narrow) const;
  OnnxNode operator()(const Upsample& upsample) const;
  OnnxNode operator()(const ReLU&) const { return OnnxNode{"Relu"}; }
  OnnxNode operator()(const LeakyReLU& leaky) const { return OnnxNode{"LeakyRelu"}.real("alpha", leaky.slope); }
  OnnxNode operator()(const Sigmoid&) const { return OnnxNode{"Sigmoid"}; }
  OnnxNode operator()(const Tanh&) const { return OnnxNode{"Tanh"}; }
  OnnxNode operator()(const Softmax&) const { return OnnxNode{"Softmax"}.whole("axis", 1); }
  OnnxNode operator()(const Flatten&) const { return OnnxNode{"Flatten"}.whole("axis", 1); }
  OnnxNode operator()(const Dropout&) const { return OnnxNode{"Identity"}; }
  OnnxNode operator()(const BatchNorm& norm) const {
    return OnnxNode{"BatchNormalization"}.real("epsilon", norm.epsilon).real("momentum", 1 - norm.momentum);
  }
  OnnxNode operator()(const From&) const { return OnnxNode{"Identity"}; }
  OnnxNode operator()(const ListedAdd&) const { return OnnxNode{"Add"}; }
  OnnxNode operator()(const ListedMul&) const { return OnnxNode{"Mul"}; }
  OnnxNode operator()(const ListedConcat&) const { return OnnxNode{"Concat"}.whole("axis", 1); }
  OnnxNode operator()(const ReLU6&) const { return OnnxNode{"Clip"}.constant(0).constant(6); }
  OnnxNode operator()(const HardSigmoid&) const { return OnnxNode{"HardSigmoid"}.real("alpha", 1. / 6).real("beta", 0.5); }
  OnnxNode operator()(const HardSwish&) const { return OnnxNode{"HardSwish"}; }
  OnnxNode operator()(const SiLU&) const { return OnnxNode{"Sigmoid"}.followed_by(OnnxNode::with_input("Mul")); }
  OnnxNode operator()(const GELU& gelu) const;
  OnnxNode operator()(const ELU& elu) const { return OnnxNode{"Elu"}.real("alpha", elu.alpha); }
  OnnxNode operator()(const Softplus& softplus) const {
    if (softplus.beta == 1) return OnnxNode{"Softplus"};
    return OnnxNode{"Mul"}.constant(softplus.beta).followed_by(OnnxNode{"Softplus"}).followed_by(OnnxNode{"Div"}.constant(softplus.beta));
  }
  OnnxNode operator()(const PReLU&) const { return OnnxNode{"PRelu"}; }
  OnnxNode operator()(const GroupNorm& norm) const;
  OnnxNode operator()(const LayerNorm& norm) const;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_nodes.ipp"
#endif
