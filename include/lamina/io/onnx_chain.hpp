#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onnx_builder.hpp"
#include "onnx_call.hpp"
#include "onnx_patterns.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Reads the nodes of a graph as the layers of a network: a chain, in which each node takes what the one before it
/// makes, and initializers.
class OnnxChain {
 public:
  OnnxChain(OnnxGraph& graph, std::size_t most_layers) : graph_(graph), built_(graph, most_layers), at_(graph.input) {}

  /// Throws DataError, which lists every node that is not supported, with the reason; and where all are, but do not
  /// lead to the output.
  OnnxBuilder read() &&;

 private:
  static constexpr std::size_t most_listed = 200;

  void read_node(OnnxCall& call);

  /// Reads nodes that are one layer.
  void read_pattern(const OnnxPattern& pattern, std::span<OnnxCall* const> calls);

  /// What one may do about an operator that is not read.
  static std::string_view hint(std::string_view op);

  void check_inputs(const OnnxCall& call) const;

  void keep_constant(OnnxCall& call);

  void refuse(std::size_t i, const OnnxCall& call, const std::exception& error);

  OnnxGraph& graph_;
  OnnxBuilder built_;
  std::string_view at_;
  std::string problems_;
  std::size_t refused_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_chain.ipp"
#endif
