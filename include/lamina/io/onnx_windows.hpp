#pragma once

#include <cstddef>
#include <vector>

#include "onnx_builder.hpp"
#include "onnx_call.hpp"

namespace LAMINA_NAMESPACE::detail {

// These functions read the operators with sliding windows; other operators share some of them.

/// Returns an input that must be an initializer, or null if it is not given.
const OnnxTensor* onnx_constant(const OnnxBuilder& built, const OnnxCall& call, std::size_t i);

/// Returns weights with this number of axes.
const OnnxTensor& onnx_weights(const OnnxBuilder& built, const OnnxCall& call, std::size_t axes);

/// Returns the window, stride and padding from the attributes that convolutions and pools share.
ConvGeometry onnx_slide(OnnxCall& call, const std::vector<Index>& window);

/// Returns a MaxPool or an AvgPool.
template <typename L>
L onnx_pool(OnnxCall& call) {
  const bool ceil_mode = call.whole("ceil_mode", 0) != 0;
  const auto [window, stride, padding, dilation, ceils] = onnx_slide(call, call.wholes("kernel_shape", {0, 0}));
  if (dilation != Size2D(1))
    throw DataError(str_cat("has dilations ", dilation.height, ", ", dilation.width, "; expects 1, 1"));
  return {.window = window, .stride = stride == window ? PoolStride() : PoolStride(stride), .padding = padding, .ceil_mode = ceil_mode};
}

/// Reads layer normalisation over the last axis.
void read_onnx_layer_normalization(OnnxCall& call, OnnxBuilder& built);

void read_onnx_conv(OnnxCall& call, OnnxBuilder& built);

/// Reads a ConvTranspose with pads, or with those that follow from auto_pad or output_shape.
void read_onnx_conv_transpose(OnnxCall& call, OnnxBuilder& built);

void read_onnx_max_pool(OnnxCall& call, OnnxBuilder& built);

void read_onnx_average_pool(OnnxCall& call, OnnxBuilder& built);

/// Adds a layer that needs images as its input.
template <typename L>
void read_onnx_on_images(OnnxCall&, OnnxBuilder& built) {
  built.push_on_images(L{});
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_windows.ipp"
#endif
