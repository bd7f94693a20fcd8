#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onnx_builder.hpp"
#include "onnx_call.hpp"
#include "onnx_patterns.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A reader that turns the nodes of a graph into the layers of a network. A node must come after those whose outputs it takes.
/// Nodes that the output does not need are left out. Nodes that compute extents are evaluated, see fold_onnx.
class OnnxReader {
 public:
  OnnxReader(OnnxGraph& graph, std::size_t most_layers) : graph_(graph), built_(graph, most_layers) {}

  /// Returns the layers. Throws DataError if nodes are not supported, with a list of them and the reasons, or if no node makes
  /// the output.
  OnnxBuilder read() &&;

 private:
  static constexpr std::size_t most_listed = 200;

  /// Returns whether the input is images (N, H, W, C), as tf2onnx writes them: a Transpose makes (N, C, H, W) of them, behind
  /// nothing but arithmetic with constants, or a Reshape of those of one channel.
  bool takes_channels_last(const std::vector<OnnxCall>& calls) const;

  /// Returns which nodes the output needs, and counts how often each value is used.
  std::vector<unsigned char> find_needed(const std::vector<OnnxCall>& calls);

  void read_node(OnnxCall& call);

  void check_inputs(const OnnxCall& call, bool several) const;

  /// Returns the pattern that these calls begin with, or null, see OnnxPattern.
  const OnnxPattern* pattern_at(std::span<OnnxCall* const> calls) const;

  /// Reads several nodes as one layer.
  void read_pattern(const OnnxPattern& pattern, std::span<OnnxCall* const> calls);

  void keep_constant(OnnxCall& call);

  void refuse(std::size_t i, const OnnxCall& call, const std::exception& error);

  OnnxGraph& graph_;
  OnnxBuilder built_;
  std::set<std::string_view> made_;  // the outputs of all nodes so far, supported or not
  std::string problems_;
  std::size_t refused_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_reader.ipp"
#endif
