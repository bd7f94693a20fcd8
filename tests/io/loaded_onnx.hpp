#pragma once

#include <lamina/io/load_onnx.hpp>
#include <lamina/io/onnx.hpp>
#include <lamina/models/network.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "../refusal.hpp"
#include "../tensors.hpp"
#include "onnx_file.hpp"

/// ONNX files that tests put together, and what is loaded of them.
namespace loaded_onnx {

using namespace lamina;
using Node = detail::OnnxNode;
using Proto = detail::ProtobufWriter;

template <typename X>
std::vector<scalar_t<X>> numbers(const X& x) {
  return {x.data(), x.data() + x.size()};
}

/// A Constant node: a tensor under a name.
inline Proto constant(const char* name, const Proto& tensor) {
  Proto attribute, node;
  attribute.text(1, "value");
  attribute.message(5, tensor);
  attribute.number(20, 4);
  node.text(2, name);
  node.text(4, "Constant");
  node.message(5, attribute);
  return node;
}

/// What a model makes of three samples.
template <typename T>
auto predictions(const BasicModel<T>& model) {
  if (model.sample_extents().size() == 3) return numbers(model(drawn<T>(model.template input_shape<4>(3), Rng{3})));
  return numbers(model(drawn<T>(model.template input_shape<2>(3), Rng{3})));
}

/// Whether a model that was exported and loaded predicts the same bits.
template <typename T>
bool comes_back(const BasicModel<T>& model) {
  return predictions(load_onnx_bytes<T>(onnx_bytes(model)).model) == predictions(model);
}

inline std::string why(const std::vector<std::byte>& file, const ModelLimits& limits = {}) {
  return refusal<DataError>([&] { load_onnx_bytes(file, limits); });
}
inline std::string why(const OnnxFile& file) {
  return why(file.bytes());
}

/// The layers of a file, "Conv,ReLU".
inline std::string layers_of(const OnnxFile& file) {
  std::string text;
  for (const auto& layer : describe(load_onnx_bytes(file.bytes()).model).layers)
    text += (text.empty() ? "" : ",") + layer.type + layer.options;
  return text;
}

inline std::vector<float> counting(std::size_t size) {
  std::vector<float> numbers(size);
  for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<float>(i) / 8 - 1;
  return numbers;
}

/// Rows of three features to two, by weights (2, 3).
inline OnnxFile dense() {
  OnnxFile file{{0, 3}};
  return file.floats("w", {2, 3}, counting(6))
      .floats("b", {2}, {0.5F, -0.25F})
      .node(Node{"Gemm"}.whole("transB", 1), {"w", "b"});
}
/// Images of one channel.
inline OnnxFile images(Index H = 6, Index W = 5) { return {{0, 1, H, W}}; }

/// A graph of nodes with any inputs, outputs and attributes.
struct Graph {
  OnnxFile file;
  Proto proto{};

  Graph& node(const std::string& op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs, Node with = Node{""}) {
    Proto own;
    for (const auto& input : inputs) own.text(1, input);
    for (const auto& output : outputs) own.text(2, output);
    own.text(4, op);
    own.merge(with.attributes);
    proto.message(1, own);
    return *this;
  }
  std::vector<std::byte> bytes(Index opset = 17) const {
    Proto graph = proto;
    graph.merge(file.graph());
    return OnnxFile::of(graph, opset);
  }
  /// "Conv ReLU ", with the options of `type`.
  std::string layers(std::string_view type = {}, Index opset = 17) const {
    std::string text;
    for (const auto& layer : describe(load_onnx_bytes(bytes(opset)).model).layers)
      text += layer.type + (layer.type == type ? layer.options : "") + " ";
    return text;
  }
};

/// A graph of nodes "a,b>c Op": inputs, outputs, operator; with weights "w" (3, 3).
inline std::vector<std::byte> wired(const std::vector<std::string>& nodes, const std::string& output = "output") {
  OnnxFile file{{0, 3}};
  file.output = output;
  file.floats("w", {3, 3}, counting(9));
  Proto graph;
  for (const std::string& text : nodes) {
    const std::size_t middle = text.find('>'), end = text.find(' ');
    Proto node;
    const auto names = [&](std::uint32_t field, std::string list) {
      for (std::size_t comma = 0; !list.empty(); list.erase(0, comma + 1)) {
        comma = std::min(list.find(','), list.size() - 1);
        node.text(field, list.substr(0, list[comma] == ',' ? comma : comma + 1));
      }
    };
    names(1, text.substr(0, middle));
    names(2, text.substr(middle + 1, end - middle - 1));
    node.text(4, text.substr(end + 1));
    graph.message(1, node);
  }
  graph.merge(file.graph());
  return OnnxFile::of(graph);
}

}  // namespace loaded_onnx
