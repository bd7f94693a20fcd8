#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "onnx_patterns.hpp"
#include "onnx_windows.hpp"

namespace LAMINA_NAMESPACE::detail {

// These functions read ONNX's operators as layers: the reverse of io/onnx_nodes.hpp, and other operators with the same
// computation. Operators follow https://onnx.ai/onnx/operators for opset 7 to 21. An attribute value without a matching
// layer is an error; none is ignored.

struct OnnxOperator {
  std::string_view op;
  std::size_t inputs;  // at most
  void (*read)(OnnxCall&, OnnxBuilder&);
  bool takes_several = false;  // its inputs may all be what nodes make; else the first one is, and the others are constants
};

template <typename L>
void read_onnx_plain(OnnxCall&, OnnxBuilder& built) {
  built.push(L{});
}

void read_onnx_gemm(OnnxCall& call, OnnxBuilder& built);

void read_onnx_mat_mul(OnnxCall& call, OnnxBuilder& built);

/// Reads a sum of two values, or of a value and a constant.
void read_onnx_add(OnnxCall& call, OnnxBuilder& built);

/// Reads a product of two values, of one shape or of images and one factor for each channel, or of a value and a constant.
void read_onnx_mul(OnnxCall& call, OnnxBuilder& built);

/// Reads a Sub or Div of a value and a constant.
void read_onnx_constant_second(OnnxCall& call, OnnxBuilder& built);

/// Reads a Cast between types of real numbers that hold every FLOAT.
void read_onnx_cast(OnnxCall& call, OnnxBuilder& built);

void read_onnx_concat(OnnxCall& call, OnnxBuilder& built);

inline void read_onnx_leaky_relu(OnnxCall& call, OnnxBuilder& built) {
  built.push(LeakyReLU{.slope = call.real("alpha", 0.01)});
}

/// Reads batch normalisation at inference, with running mean and variance.
void read_onnx_batch_normalization(OnnxCall& call, OnnxBuilder& built);

/// Reads a Clip from 0 to 6, a ReLU6, or from 0 without an upper bound, a ReLU.
void read_onnx_clip(OnnxCall& call, OnnxBuilder& built);

inline void read_onnx_elu(OnnxCall& call, OnnxBuilder& built) { built.push(ELU{.alpha = call.real("alpha", 1)}); }

void read_onnx_hard_sigmoid(OnnxCall& call, OnnxBuilder& built);

void read_onnx_gelu(OnnxCall& call, OnnxBuilder& built);

void read_onnx_prelu(OnnxCall& call, OnnxBuilder& built);

void read_onnx_softmax(OnnxCall& call, OnnxBuilder& built);

void read_onnx_flatten(OnnxCall& call, OnnxBuilder& built);

/// Reads a Reshape to rows, such as (N, −1), between rows (N, C) and (N, C, 1, 1), or one of those that shuffle channels.
void read_onnx_reshape(OnnxCall& call, OnnxBuilder& built);

void read_onnx_squeeze(OnnxCall& call, OnnxBuilder& built);

void read_onnx_unsqueeze(OnnxCall& call, OnnxBuilder& built);

/// Reads a mean or a maximum over height and width, a global pool.
void read_onnx_reduction(OnnxCall& call, OnnxBuilder& built);

/// Reads a Slice that keeps every stride-th row and column of images, a Subsample, or some channels or features, a Narrow.
void read_onnx_slice(OnnxCall& call, OnnxBuilder& built);

/// Reads a Split of channels or features: a Narrow for each part.
void read_onnx_split(OnnxCall& call, OnnxBuilder& built);

/// Reads a Resize, or the Upsample of older files, by whole factors of height and width.
void read_onnx_resize(OnnxCall& call, OnnxBuilder& built);

void read_onnx_transpose(OnnxCall& call, OnnxBuilder& built);

/// Reads a Dropout, which does nothing at inference; its rate is for training.
void read_onnx_dropout(OnnxCall& call, OnnxBuilder& built);

inline void read_onnx_identity(OnnxCall&, OnnxBuilder&) {}

/// Reads a Pad around images, for the Conv or pool behind it, or of channels with zeros, a Subsample.
void read_onnx_pad(OnnxCall& call, OnnxBuilder& built);

inline constexpr OnnxOperator onnx_operators[] = {
    {"Conv", 3, read_onnx_conv},
    {"ConvTranspose", 3, read_onnx_conv_transpose},
    {"Gemm", 3, read_onnx_gemm},
    {"MatMul", 2, read_onnx_mat_mul},
    {"Add", 2, read_onnx_add, true},
    {"Mul", 2, read_onnx_mul, true},
    {"Sub", 2, read_onnx_constant_second, true},
    {"Div", 2, read_onnx_constant_second, true},
    {"Cast", 1, read_onnx_cast},
    {"Concat", 1000, read_onnx_concat, true},
    {"BatchNormalization", 5, read_onnx_batch_normalization},
    {"MaxPool", 1, read_onnx_max_pool},
    {"AveragePool", 1, read_onnx_average_pool},
    {"GlobalMaxPool", 1, read_onnx_on_images<GlobalMaxPool>},
    {"GlobalAveragePool", 1, read_onnx_on_images<GlobalAveragePool>},
    {"ReduceMean", 2, read_onnx_reduction},
    {"ReduceMax", 2, read_onnx_reduction},
    {"Relu", 1, read_onnx_plain<ReLU>},
    {"LeakyRelu", 1, read_onnx_leaky_relu},
    {"Sigmoid", 1, read_onnx_plain<Sigmoid>},
    {"Tanh", 1, read_onnx_plain<Tanh>},
    {"Clip", 3, read_onnx_clip},
    {"HardSigmoid", 1, read_onnx_hard_sigmoid},
    {"HardSwish", 1, read_onnx_plain<HardSwish>},
    {"Elu", 1, read_onnx_elu},
    {"Gelu", 1, read_onnx_gelu},
    {"Softplus", 1, read_onnx_plain<Softplus>},
    {"PRelu", 2, read_onnx_prelu},
    {"LayerNormalization", 3, read_onnx_layer_normalization},
    {"Softmax", 1, read_onnx_softmax},
    {"Flatten", 1, read_onnx_flatten},
    {"Reshape", 2, read_onnx_reshape},
    {"Squeeze", 2, read_onnx_squeeze},
    {"Unsqueeze", 2, read_onnx_unsqueeze},
    {"Slice", 5, read_onnx_slice},
    {"Split", 2, read_onnx_split},
    {"Resize", 4, read_onnx_resize},
    {"Upsample", 2, read_onnx_resize},
    {"Transpose", 1, read_onnx_transpose},
    {"Dropout", 3, read_onnx_dropout},
    {"Identity", 1, read_onnx_identity},
    {"Pad", 4, read_onnx_pad},
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_operators.ipp"
#endif
