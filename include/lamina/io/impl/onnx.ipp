#pragma once

#include "../onnx.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void add_nodes(ProtobufWriter& graph, const std::vector<OnnxNode>& nodes) {
  std::string from = "input";
  for (const OnnxNode& own : nodes) {
    const std::string to = &own == &nodes.back() ? "output" : own.name;
    ProtobufWriter node;
    node.text(1, from);  // input
    for (const std::string& name : own.initializers) node.text(1, name);
    node.text(2, to);  // output
    node.text(3, own.name);
    node.text(4, own.op);  // op_type
    node.merge(own.attributes);
    graph.message(1, node);
    from = to;
  }
}

LAMINA_FUNC void check_onnx_size(Index parameters) {
  constexpr Index most = (Index{1} << 29) - (Index{1} << 20);
  if (parameters > most)
    throw DataError(
        message("is too large for ONNX: expects at most ", most, " parameters, of 2 GiB, but got ", parameters));
}

}  // namespace lamina::detail
