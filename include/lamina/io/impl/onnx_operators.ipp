#pragma once

#include "../onnx_operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../../core/text.hpp"
#include "../stored_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void read_onnx_gemm(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor& weight = onnx_weights(built, call, 2);
  const OnnxTensor* bias = onnx_constant(built, call, 2);
  const bool transposed = call.whole("transB", 0) == 0;
  if (call.whole("transA", 0) != 0) throw DataError("transposes its rows (transA 1); expects transA 0");
  if (call.real("alpha", 1) != 1 || (call.real("beta", 1) != 1 && bias))
    throw DataError("scales what it adds up (alpha, beta); expects 1 for both");
  built.push(Dense{.units = weight.dims[transposed ? 1 : 0], .bias = bias != nullptr}, weight, bias, transposed);
}

LAMINA_FUNC void read_onnx_mat_mul(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor& weight = onnx_weights(built, call, 2);
  built.push(Dense{.units = weight.dims[1], .bias = false}, weight, nullptr, true);
}

LAMINA_FUNC void read_onnx_add(OnnxCall& call, OnnxBuilder& built) {
  if (const OnnxTensor* bias = onnx_constant(built, call, 1))
    built.add_bias(*bias);
  else
    throw DataError("is read as the bias of a MatMul or a Gemm right before it, and of nothing else");
}

LAMINA_FUNC void read_onnx_batch_normalization(OnnxCall& call, OnnxBuilder& built) {
  BatchNorm norm{.momentum = 1 - call.real("momentum", 0.9), .epsilon = call.real("epsilon", 1e-5)};
  if (call.whole("training_mode", 0) != 0 || call.whole("spatial", 1) != 1 || call.outputs.size() > 1)
    throw DataError("measures its input; expects a network as it is at inference (in PyTorch: model.eval())");
  const OnnxTensor* tensors[4];
  for (std::size_t i = 0; i < 4; ++i) {
    tensors[i] = onnx_constant(built, call, i + 1);
    if (!tensors[i]) throw DataError("has no constant scale, bias, mean and variance");
  }
  built.push(norm, tensors);
}

LAMINA_FUNC void read_onnx_clip(OnnxCall& call, OnnxBuilder& built) {
  constexpr double none = std::numeric_limits<double>::infinity();
  // Before opset 11 they were attributes.
  const auto bound = [&](std::size_t i, const char* attribute, double otherwise) {
    if (call.input(i).empty()) return call.real(attribute, otherwise);
    const auto number = onnx_number(onnx_constant(built, call, i));
    if (!number) throw DataError(message("expects a constant number as its ", attribute));
    return *number;
  };
  const double least = bound(1, "min", -none), most = bound(2, "max", none);
  if (least == 0 && most == 6) return built.push(ReLU6{});
  if (least == 0 && most > 3e38) return built.push(ReLU{});
  throw DataError(message("is between ", least, " and ", most, "; expects 0 and 6, or 0 and no bound"));
}

LAMINA_FUNC void read_onnx_hard_sigmoid(OnnxCall& call, OnnxBuilder& built) {
  const double alpha = call.real("alpha", 0.2), beta = call.real("beta", 0.5);
  if (std::abs(alpha - 1. / 6) > 1e-6 || beta != 0.5)
    throw DataError(message("has alpha ", alpha, " and beta ", beta, "; expects 1/6 and 0.5"));
  built.push(HardSigmoid{});
}

LAMINA_FUNC void read_onnx_gelu(OnnxCall& call, OnnxBuilder& built) {
  const std::string_view approximate = call.text("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    throw DataError(message("has approximate ", quoted(approximate), "; expects none or tanh"));
  built.push(GELU{.approximate = approximate == "tanh"});
}

LAMINA_FUNC void read_onnx_prelu(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor* slope = onnx_constant(built, call, 1);
  if (!slope) throw DataError("has no constant slope");
  const Index count = slope->count();
  built.push_features(PReLU{.num_parameters = count}, std::span(&slope, 1), count);
}

LAMINA_FUNC void read_onnx_layer_normalization(OnnxCall& call, OnnxBuilder& built) {
  const LayerNorm norm{.epsilon = call.real("epsilon", 1e-5)};
  const Index axis = call.whole("axis", -1);
  call.whole("stash_type", 1);
  if (axis != -1 && !(built.rank() == 2 && axis == 1)) throw DataError(message("has axis ", axis, "; expects the last, -1"));
  const OnnxTensor* tensors[] = {onnx_constant(built, call, 1), onnx_constant(built, call, 2)};
  if (!tensors[0]) throw DataError("has no constant scale");
  if (!built.is_lost()) built.push_features(norm, tensors, built.features());
}

LAMINA_FUNC void read_onnx_softmax(OnnxCall& call, OnnxBuilder& built) {
  const Index axis = call.whole("axis", -1);  // before opset 13 it was 1, which is the same for rows
  if (axis != 1 && axis != -1) throw DataError(message("has axis ", axis, "; expects the last of rows, 1 or -1"));
  built.push(Softmax{});
}

LAMINA_FUNC void read_onnx_flatten(OnnxCall& call, OnnxBuilder& built) {
  const Index axis = call.whole("axis", 1);
  if (!built.is_lost() && axis != 1 && axis != 1 - built.rank())
    throw DataError(message("has axis ", axis, "; expects 1, which leaves the samples apart"));
  built.push(Flatten{});
}

LAMINA_FUNC void read_onnx_reshape(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor* extents = onnx_constant(built, call, 1);
  if (!extents) throw DataError("has no extents");
  const auto to = extents->extents();
  const bool zero_is_zero = call.whole("allowzero", 0) != 0;
  if (built.is_lost()) return;
  const Index N = built.graph().batch;
  const bool row = to.size() == 2 && (to[1] == -1 || to[1] == built.numbers());
  if (!row || !((to[0] == 0 && !zero_is_zero) || (to[0] == -1 && to[1] != -1) || (N > 0 && to[0] == N)))
    throw DataError(message("makes ", format_shape(to), "; expects a row of each sample, (0, -1) or (-1, ",
                            built.numbers(), ")"));
  built.push(Flatten{});
}

LAMINA_FUNC void read_onnx_transpose(OnnxCall& call, OnnxBuilder& built) {
  const std::vector<Index> here{0, 2, 3, 1};
  if (call.wholes("perm", {0, 0, 0, 0}) != here)
    throw DataError("expects perm 0, 2, 3, 1, before a Flatten, and no other");
  built.make_channels_last();
}

LAMINA_FUNC void read_onnx_dropout(OnnxCall& call, OnnxBuilder& built) {
  double rate = call.real("ratio", 0.5);
  call.whole("seed", 0);
  if (const OnnxTensor* ratio = onnx_constant(built, call, 1)) {
    if (!ratio->is_real() || ratio->count() != 1)
      throw DataError(message("expects one real number as its ratio but got ", quoted(ratio->name)));
    const auto bytes = ratio->bytes();
    read_numbers_of<double>(onnx_type(ratio->type)->dtype, file_layout(None{}, Shape<1>{{1}}, {}), bytes.data(), &rate);
  }
  built.push(Dropout{.rate = rate});
}

LAMINA_FUNC void read_onnx_pad(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor* given = onnx_constant(built, call, 1);
  const auto pads = given ? given->extents() : call.wholes("pads", {0, 0, 0, 0, 0, 0, 0, 0});
  call.text("mode", "");
  call.real("value", 0);
  if (std::any_of(pads.begin(), pads.end(), [](Index pad) { return pad != 0; }))
    throw DataError(
        "pads by itself; expects the padding in the Conv or the pool behind it (in PyTorch: padding = …, and of "
        "an AvgPool2d count_include_pad = False)");
}

}  // namespace lamina::detail
