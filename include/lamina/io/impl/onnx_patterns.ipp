#pragma once

#include "../onnx_patterns.hpp"

#include <algorithm>
#include <cmath>

#include "../../layers/activations.hpp"
#include "../stored_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::optional<double> onnx_number(const OnnxTensor* tensor) {
  if (!tensor || !tensor->is_real() || tensor->count() != 1) return {};
  double number = 0;
  const auto bytes = tensor->bytes();
  read_numbers_of<double>(onnx_type(tensor->type)->dtype, file_layout(None{}, Shape<1>{{1}}, {}), bytes.data(), &number);
  return number;
}

LAMINA_FUNC void read_onnx_scaled_softplus(std::span<OnnxCall* const> calls, OnnxBuilder& built) {
  const auto factor = onnx_number(onnx_constant(built, *calls[0], 1)), divisor = onnx_number(onnx_constant(built, *calls[2], 1));
  if (factor != divisor) throw DataError("is multiplied and divided by other numbers; expects the same");
  built.push(Softplus{.beta = *factor});
}

/// Reads a GroupNorm, written as an InstanceNormalization with one channel per group.
LAMINA_FUNC void read_onnx_group_norm(std::span<OnnxCall* const> calls, OnnxBuilder& built) {
  const OnnxTensor *groups = onnx_constant(built, *calls[0], 1), *back = onnx_constant(built, *calls[2], 1);
  GroupNorm norm{.epsilon = calls[1]->real("epsilon", 1e-5), .affine = calls.size() > 3};
  for (OnnxCall* call : calls) call->whole("allowzero", 0);
  if (built.is_lost()) return;
  const auto in = built.images();
  const auto to = groups->extents(), from = back->extents();
  if (to.size() != 3 || to[0] != 0 || to[2] != -1 || from.size() != 4 || from[1] != in[3] || from[2] != in[1] || from[3] != in[2])
    throw DataError("expects to normalise images (N, C, H, W) as (N, groups, -1), and to give them back");
  norm.groups = to[1];
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
    const OnnxTensor* tensor = onnx_constant(built, *calls[1], i);
    const bool fits = tensor && tensor->is_real() && tensor->dims == std::vector<Index>{norm.groups};
    std::vector<double> numbers(fits ? static_cast<std::size_t>(norm.groups) : 0);
    if (fits)
      read_numbers_of<double>(onnx_type(tensor->type)->dtype, file_layout(None{}, Shape<1>{{norm.groups}}, {}),
                              tensor->bytes().data(), numbers.data());
    if (!fits || std::ranges::any_of(numbers, [&](double number) { return number != (i == 1 ? 1 : 0); }))
      throw DataError("expects a scale of 1 and an offset of 0 for each group; those of channels follow");
  }
  std::vector<const OnnxTensor*> tensors;
  for (std::size_t k = 3; k < calls.size(); ++k) tensors.push_back(onnx_constant(built, *calls[k], 1));
  built.push_features(norm, tensors, in[3]);
}

using Second = OnnxPatternNode::Takes;

inline constexpr OnnxPatternNode silu_nodes[] = {{"Sigmoid"}, {"Mul", Second::input}};
inline constexpr OnnxPatternNode gelu_nodes[] = {
    {"Div", Second::number, 1.4142135623730951}, {"Erf"}, {"Add", Second::number, 1}, {"Mul", Second::input}, {"Mul", Second::number, 0.5}};
inline constexpr OnnxPatternNode approximate_gelu_nodes[] = {
    {"Pow", Second::number, 2}, {"Mul", Second::number, 0.044715}, {"Add", Second::number, 1}, {"Mul", Second::input},
    {"Mul", Second::number, 0.7978845608028654}, {"Tanh"}, {"Add", Second::number, 1}, {"Mul", Second::input}, {"Mul", Second::number, 0.5}};
inline constexpr OnnxPatternNode softplus_nodes[] = {{"Mul", Second::number}, {"Softplus"}, {"Div", Second::number}};
inline constexpr OnnxPatternNode group_norm_nodes[] = {{"Reshape", Second::tensor}, {"InstanceNormalization", Second::tensor},
                                                       {"Reshape", Second::tensor}, {"Mul", Second::tensor}, {"Add", Second::tensor}};

/// The patterns. A longer one comes before a shorter one with the same beginning.
inline constexpr OnnxPattern onnx_patterns[] = {
    {silu_nodes, [](std::span<OnnxCall* const>, OnnxBuilder& built) { built.push(SiLU{}); }},
    {gelu_nodes, [](std::span<OnnxCall* const>, OnnxBuilder& built) { built.push(GELU{}); }},
    {approximate_gelu_nodes, [](std::span<OnnxCall* const>, OnnxBuilder& built) { built.push(GELU{.approximate = true}); }},
    {softplus_nodes, read_onnx_scaled_softplus},
    {group_norm_nodes, read_onnx_group_norm},
    {std::span(group_norm_nodes).first(3), read_onnx_group_norm},
};

/// Returns whether a call takes `at` and the other inputs of its node. Makes `at` its first input if the operator commutes.
LAMINA_FUNC bool takes_as(OnnxCall& call, const OnnxPatternNode& node, std::string_view at, std::string_view input,
                          const OnnxBuilder& built) {
  if (call.op != node.op || call.outputs.size() != 1 || call.inputs.empty()) return false;
  const bool commutes = call.op == "Mul" || call.op == "Add";
  if (commutes && call.input(1) == at && call.input(0) != at) std::swap(call.inputs[0], call.inputs[1]);
  if (call.input(0) != at) return false;
  if (node.takes == Second::nothing) return call.inputs.size() == 1;
  if (node.takes == Second::input) return call.inputs.size() == 2 && call.input(1) == input;
  for (std::size_t i = 1; i < call.inputs.size(); ++i)
    if (!onnx_constant(built, call, i)) return false;
  if (node.takes == Second::tensor) return call.inputs.size() > 1;
  const auto number = onnx_number(onnx_constant(built, call, 1));
  return call.inputs.size() == 2 && number && (node.number == 0 || std::abs(*number - node.number) < 1e-6 * node.number);
}

LAMINA_FUNC const OnnxPattern* onnx_pattern_at(std::span<OnnxCall* const> calls, const OnnxBuilder& built) {
  for (const OnnxPattern& pattern : onnx_patterns) {
    if (calls.size() < pattern.nodes.size() || calls[0]->op != pattern.nodes[0].op) continue;
    const std::string_view input = calls[0]->input(onnx_constant(built, *calls[0], 0) ? 1 : 0);
    std::string_view at = input;
    bool fits = true;
    for (std::size_t k = 0; k < pattern.nodes.size() && fits; ++k) {
      fits = takes_as(*calls[k], pattern.nodes[k], at, input, built);
      if (fits) at = calls[k]->outputs[0];
    }
    if (fits) return &pattern;
  }
  return nullptr;
}

}  // namespace lamina::detail
