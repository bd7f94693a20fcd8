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
Slide onnx_slide(OnnxCall& call, const std::vector<Index>& window);

/// Returns a MaxPool or an AvgPool.
template <typename L>
L onnx_pool(OnnxCall& call) {
  if (call.whole("ceil_mode", 0) != 0) throw DataError("rounds its extents up (ceil_mode 1); expects ceil_mode 0");
  const auto [window, stride, padding] = onnx_slide(call, call.wholes("kernel_shape", {0, 0}));
  return {.window = window, .stride = stride == window ? PoolStride() : PoolStride(stride), .padding = padding};
}

void read_onnx_conv(OnnxCall& call, OnnxBuilder& built);

void read_onnx_max_pool(OnnxCall& call, OnnxBuilder& built);

void read_onnx_average_pool(OnnxCall& call, OnnxBuilder& built);

/// Reads a pool whose window is the whole image.
template <typename L>
void read_onnx_global_pool(OnnxCall&, OnnxBuilder& built) {
  if (built.is_lost()) return;
  const auto images = built.images();
  built.push(L{.window = {images[1], images[2]}});
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_windows.ipp"
#endif
