#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "onnx_windows.hpp"

namespace LAMINA_NAMESPACE::detail {

// These functions read ONNX's operators as layers: the reverse of io/onnx_nodes.hpp, and other operators with the same
// computation. Operators follow https://onnx.ai/onnx/operators for opset 7 to 21. An attribute value without a matching
// layer is an error; none is ignored.

struct OnnxOperator {
  std::string_view op;
  std::size_t inputs;  // at most
  void (*read)(OnnxCall&, OnnxBuilder&);
};

template <typename L>
void read_onnx_plain(OnnxCall&, OnnxBuilder& built) {
  built.push(L{});
}

void read_onnx_gemm(OnnxCall& call, OnnxBuilder& built);

void read_onnx_mat_mul(OnnxCall& call, OnnxBuilder& built);

void read_onnx_add(OnnxCall& call, OnnxBuilder& built);

inline void read_onnx_leaky_relu(OnnxCall& call, OnnxBuilder& built) {
  built.push(LeakyReLU{.slope = call.real("alpha", 0.01)});
}

/// Reads batch normalisation at inference, with running mean and variance.
void read_onnx_batch_normalization(OnnxCall& call, OnnxBuilder& built);

void read_onnx_softmax(OnnxCall& call, OnnxBuilder& built);

void read_onnx_flatten(OnnxCall& call, OnnxBuilder& built);

/// Reads a Reshape to (N, −1), however that is written.
void read_onnx_reshape(OnnxCall& call, OnnxBuilder& built);

void read_onnx_transpose(OnnxCall& call, OnnxBuilder& built);

/// Reads a Dropout, which does nothing at inference; its rate is for training.
void read_onnx_dropout(OnnxCall& call, OnnxBuilder& built);

inline void read_onnx_identity(OnnxCall&, OnnxBuilder&) {}

/// Reads a Pad that pads nothing; torch.onnx.export writes one before each AveragePool. Throws DataError for others.
void read_onnx_pad(OnnxCall& call, OnnxBuilder& built);

inline constexpr OnnxOperator onnx_operators[] = {
    {"Conv", 3, read_onnx_conv},
    {"Gemm", 3, read_onnx_gemm},
    {"MatMul", 2, read_onnx_mat_mul},
    {"Add", 2, read_onnx_add},
    {"BatchNormalization", 5, read_onnx_batch_normalization},
    {"MaxPool", 1, read_onnx_max_pool},
    {"AveragePool", 1, read_onnx_average_pool},
    {"GlobalMaxPool", 1, read_onnx_global_pool<MaxPool>},
    {"GlobalAveragePool", 1, read_onnx_global_pool<AvgPool>},
    {"Relu", 1, read_onnx_plain<ReLU>},
    {"LeakyRelu", 1, read_onnx_leaky_relu},
    {"Sigmoid", 1, read_onnx_plain<Sigmoid>},
    {"Tanh", 1, read_onnx_plain<Tanh>},
    {"Softmax", 1, read_onnx_softmax},
    {"Flatten", 1, read_onnx_flatten},
    {"Reshape", 2, read_onnx_reshape},
    {"Transpose", 1, read_onnx_transpose},
    {"Dropout", 3, read_onnx_dropout},
    {"Identity", 1, read_onnx_identity},
    {"Pad", 4, read_onnx_pad},
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_operators.ipp"
#endif
