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
#include "onnx_patterns.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Reads the nodes of a graph, which stand in an order in which each finds what it takes, as the layers of a network. Nodes
/// that the output does not need are left out, and those that compute with extents are computed, see OnnxFolder.
class OnnxReader {
 public:
  OnnxReader(OnnxGraph& graph, std::size_t most_layers) : graph_(graph), built_(graph, most_layers) {}

  /// Throws DataError, which lists every node that is not supported, with the reason; and where all are, but do not
  /// lead to the output.
  OnnxBuilder read() &&;

 private:
  static constexpr std::size_t most_listed = 200;

  /// Returns which nodes the output needs, and counts how many times each value is taken.
  std::vector<unsigned char> find_needed(const std::vector<OnnxCall>& calls);

  void read_node(OnnxCall& call);

  void check_inputs(const OnnxCall& call, bool several) const;

  /// Returns the pattern that these calls are, or null, see OnnxPattern.
  const OnnxPattern* pattern_at(std::span<OnnxCall* const> calls) const;

  /// Reads nodes that are one layer.
  void read_pattern(const OnnxPattern& pattern, std::span<OnnxCall* const> calls);

  void keep_constant(OnnxCall& call);

  void refuse(std::size_t i, const OnnxCall& call, const std::exception& error);

  OnnxGraph& graph_;
  OnnxBuilder built_;
  std::set<std::string_view> made_;  // the values that nodes made so far, read or not
  std::string problems_;
  std::size_t refused_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_reader.ipp"
#endif
