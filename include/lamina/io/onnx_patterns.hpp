#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "onnx_windows.hpp"

namespace LAMINA_NAMESPACE::detail {

// Patterns of several nodes that are one layer. export_onnx and torch.onnx.export write them where ONNX has no operator.

/// A node of a pattern. Its first input is the previous node's output; `takes` describes its other inputs.
struct OnnxPatternNode {
  enum class Takes { nothing, input, number, tensor };  // the pattern's input, a constant number, any initializers
  std::string_view op;
  Takes takes = Takes::nothing;
  double number = 0;  // 0: any
};

struct OnnxPattern {
  std::span<const OnnxPatternNode> nodes;
  void (*read)(std::span<OnnxCall* const> calls, OnnxBuilder& built);
};

/// Returns the tensor's number if it has exactly one, of a floating-point type.
std::optional<double> onnx_number(const OnnxTensor* tensor);

/// Returns the pattern that these calls begin with, or null. The caller must check that no other node takes a value between its
/// nodes.
const OnnxPattern* onnx_pattern_at(std::span<OnnxCall* const> calls, const OnnxBuilder& built);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_patterns.ipp"
#endif
