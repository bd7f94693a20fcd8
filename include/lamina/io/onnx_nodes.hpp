#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv.hpp"
#include "../layers/dense.hpp"
#include "../layers/dropout.hpp"
#include "../layers/flatten.hpp"
#include "../layers/global_pool.hpp"
#include "../layers/leaky_relu.hpp"
#include "../layers/merges.hpp"
#include "../layers/pool.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/subsample.hpp"
#include "../layers/tanh.hpp"
#include "protobuf_writer.hpp"

namespace LAMINA_NAMESPACE::detail {

// A network as ONNX has it, opset 17, in the messages of onnx.proto3. Images are (N, C, H, W) there, weights lie as in
// PyTorch (io/layouts.hpp), each layer is a node, and N is free:
//
//   | Conv | Dense | ReLU | LeakyReLU | Sigmoid | Tanh | Softmax | MaxPool | AvgPool     | Flatten | Dropout  |
//   |------|-------|------|-----------|---------|------|---------|---------|-------------|---------|----------|
//   | Conv | Gemm  | Relu | LeakyRelu | Sigmoid | Tanh | Softmax | MaxPool | AveragePool | Flatten | Identity |
//
// BatchNorm is BatchNormalization, Subsample a Slice and a Pad, and the global pools have ONNX's names. Add, Mul and Concat (along axis 1) take several values; a From is no node.

/// A node of the graph: what it does to values, those that it names or else the output of the node before it, and to the
/// initializers that it names.
class OnnxNode {
 public:
  std::string op, name;
  std::vector<std::string> initializers{};
  std::vector<std::string> inputs{};
  std::vector<std::vector<Index>> integers{};  // further initializers of whole numbers
  ProtobufWriter attributes{};

  explicit OnnxNode(std::string its_op, std::string its_name = {}) : op(std::move(its_op)), name(std::move(its_name)) {}

  OnnxNode&& ints(std::string_view attribute, std::initializer_list<Index> values) &&;
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

/// The node that a layer is.
struct OnnxNodeOf {
  static OnnxNode windowed(const char* op, const Slide& slide);

  template <typename W, typename B>
  OnnxNode operator()(const BasicConv<W, B>& conv) const {
    return windowed("Conv", conv.slide());
  }
  template <typename W, typename B>
  OnnxNode operator()(const BasicDense<W, B>&) const {
    return OnnxNode{"Gemm"}.whole("transB", 1);
  }
  OnnxNode operator()(const MaxPool& pool) const { return windowed("MaxPool", pool.slide()); }
  OnnxNode operator()(const AvgPool& pool) const {
    return windowed("AveragePool", pool.slide()).whole("count_include_pad", 0);
  }
  OnnxNode operator()(const GlobalMaxPool&) const { return OnnxNode{"GlobalMaxPool"}; }
  OnnxNode operator()(const GlobalAveragePool&) const { return OnnxNode{"GlobalAveragePool"}; }
  OnnxNode operator()(const Subsample&) const { return OnnxNode{"Pad"}; }  // behind a Slice, see onnx_graph
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
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_nodes.ipp"
#endif
