#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "onnx_windows.hpp"

namespace LAMINA_NAMESPACE::detail {

// What several nodes are together, as export_onnx and torch.onnx.export write what ONNX has no operator for.

/// A node of a pattern. It takes what the node before it gives and, where it has two inputs, one of these:
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

/// Returns the number that a tensor holds, if it is a real one and the only one.
std::optional<double> onnx_number(const OnnxTensor* tensor);

/// Returns the pattern that these calls begin with, or null. Whether what lies between its nodes goes elsewhere, too, is for the
/// caller to find out.
const OnnxPattern* onnx_pattern_at(std::span<OnnxCall* const> calls, const OnnxBuilder& built);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_patterns.ipp"
#endif
