#pragma once

#include <cstddef>
#include <initializer_list>
#include <lamina/io/onnx.hpp>
#include <string>
#include <utility>
#include <vector>

/// An ONNX file that a test puts together: a chain of nodes from "input" to "output", and what they need.
struct OnnxFile {
  using Proto = lamina::detail::ProtobufWriter;

  std::vector<lamina::Index> input;  // extents, 0 for a free one
  std::vector<lamina::detail::OnnxNode> nodes{};
  Proto initializers{};
  lamina::Index opset = 17;
  std::string output = "output";

  /// What stands before the numbers of a TensorProto.
  static Proto tensor(const std::string& name, const std::vector<lamina::Index>& dims, int type = 1) {
    Proto tensor;
    for (const auto extent : dims) tensor.number(1, extent);
    tensor.number(2, type);
    tensor.text(8, name);
    return tensor;
  }
  template <typename T>
  static std::string raw(const std::vector<T>& numbers) {
    std::string bytes(numbers.size() * sizeof(T), '\0');
    for (std::size_t i = 0; i < numbers.size(); ++i)
      lamina::detail::write_number(numbers[i], reinterpret_cast<std::byte*>(bytes.data()) + i * sizeof(T));
    return bytes;
  }

  OnnxFile& add(const Proto& tensor) {
    initializers.message(5, tensor);
    return *this;
  }
  OnnxFile& floats(const std::string& name, const std::vector<lamina::Index>& dims, const std::vector<float>& numbers) {
    Proto proto = tensor(name, dims);
    proto.text(9, raw(numbers));
    return add(proto);
  }
  OnnxFile& wholes(const std::string& name, const std::vector<lamina::Index>& numbers) {
    Proto proto = tensor(name, {static_cast<lamina::Index>(numbers.size())}, 7);
    proto.text(9, raw(numbers));
    return add(proto);
  }
  /// A node that takes what the one before it makes, and these.
  OnnxFile& node(lamina::detail::OnnxNode own, std::initializer_list<std::string> others = {}) {
    own.initializers = others;
    own.name = "n" + std::to_string(nodes.size());
    nodes.push_back(std::move(own));
    return *this;
  }

  static Proto value(const std::string& name, const std::vector<lamina::Index>& extents) {
    Proto shape, tensor, type, made;
    for (const auto extent : extents) {
      Proto dim;
      if (extent != 0)
        dim.number(1, extent);
      else
        dim.text(2, "free");
      shape.message(1, dim);
    }
    tensor.number(1, 1);
    tensor.message(2, shape);
    type.message(1, tensor);
    made.text(1, name);
    made.message(2, type);
    return made;
  }

  Proto graph() const {
    Proto graph;
    lamina::detail::add_nodes(graph, nodes);
    graph.merge(initializers);
    graph.message(11, value("input", input));
    graph.message(12, value(output, {}));
    return graph;
  }
  static std::vector<std::byte> of(const Proto& graph, lamina::Index opset = 17) {
    Proto file, import;
    import.number(2, opset);
    file.message(7, graph);
    file.message(8, import);
    return {file.bytes().begin(), file.bytes().end()};
  }
  std::vector<std::byte> bytes() const { return of(graph(), opset); }
};
