#pragma once

#include "../onnx_windows.hpp"

#include <algorithm>
#include <string_view>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC const OnnxTensor* onnx_constant(const OnnxBuilder& built, const OnnxCall& call, std::size_t i) {
  return built.tensor(call.input(i));
}

LAMINA_FUNC const OnnxTensor& onnx_weights(const OnnxBuilder& built, const OnnxCall& call, std::size_t axes) {
  const OnnxTensor* weight = onnx_constant(built, call, 1);
  if (!weight) throw DataError("has no weights");
  if (!weight->is_real() || weight->dims.size() != axes)
    throw DataError(str_cat("expects weights of ", axes, " axes, FLOAT, DOUBLE, FLOAT16 or BFLOAT16, but got ",
                            quoted(weight->name), " ", weight->shape_text(), " of the type ", weight->type));
  return *weight;
}

LAMINA_FUNC ConvGeometry onnx_slide(OnnxCall& call, const std::vector<Index>& window) {
  const std::string_view automatic = call.text("auto_pad", "NOTSET");
  const auto pads = call.wholes("pads", {0, 0, 0, 0});
  const auto strides = call.wholes("strides", {1, 1}), dilations = call.wholes("dilations", {1, 1});
  if (automatic != "NOTSET" && automatic != "VALID" && automatic != "SAME_UPPER")
    throw DataError(str_cat("has auto_pad ", quoted(automatic), "; expects SAME_UPPER, or explicit pads"));
  if (automatic != "NOTSET" && std::ranges::any_of(pads, [](Index pad) { return pad != 0; }))
    throw DataError(str_cat("has auto_pad ", automatic, ", and pads"));
  Padding padding(pads[0], pads[1], pads[2], pads[3]);
  if (automatic == "SAME_UPPER") padding = Same{};
  return {Size2D(window[0], window[1]), Size2D(strides[0], strides[1]), padding, Size2D(dilations[0], dilations[1])};
}

LAMINA_FUNC void read_onnx_conv(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor& weight = onnx_weights(built, call, 4);
  const std::vector<Index> kernel{weight.dims[2], weight.dims[3]};
  if (call.wholes("kernel_shape", kernel) != kernel) throw DataError("has another kernel_shape than its weights");
  const Index groups = call.whole("group", 1);
  const ConvGeometry slide = onnx_slide(call, kernel);
  const OnnxTensor* bias = onnx_constant(built, call, 2);
  built.push(Conv{.filters = weight.dims[0], .kernel = slide.window, .stride = slide.stride, .padding = built.take_padding(slide), .dilation = slide.dilation,
                  .groups = groups, .bias = bias != nullptr},
             weight, bias);
}

LAMINA_FUNC void read_onnx_max_pool(OnnxCall& call, OnnxBuilder& built) {
  call.whole("storage_order", 0);  // concerns the indices that it can output as well
  auto pool = onnx_pool<MaxPool>(call);
  pool.padding = built.take_padding(pool.slide(), true);
  built.push_on_images(pool);
}

LAMINA_FUNC void read_onnx_average_pool(OnnxCall& call, OnnxBuilder& built) {
  const bool padding_counts = call.whole("count_include_pad", 0) != 0;
  auto pool = onnx_pool<AvgPool>(call);
  pool.count_include_pad = padding_counts && pool.padding != Padding(0);
  if (built.is_padded()) {
    if (pool.padding != Padding(0) && !padding_counts) throw DataError("is behind a separate padding, and has one that does not count");
    pool.padding = built.take_padding(pool.slide());
    pool.count_include_pad = true;
  }
  built.push_on_images(pool);
}

}  // namespace lamina::detail
