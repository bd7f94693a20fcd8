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

LAMINA_FUNC void read_onnx_conv_transpose(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor& weight = onnx_weights(built, call, 4);
  const std::vector<Index> kernel{weight.dims[2], weight.dims[3]};
  if (call.wholes("kernel_shape", kernel) != kernel) throw DataError("has another kernel_shape than its weights");
  const std::string automatic(call.text("auto_pad", "NOTSET"));
  const bool upper = automatic == "SAME_UPPER", same = upper || automatic == "SAME_LOWER";
  if (!same && automatic != "NOTSET" && automatic != "VALID") throw DataError(str_cat("has auto_pad ", quoted(automatic)));
  const Index groups = call.whole("group", 1);
  const auto more = call.wholes("output_padding", {0, 0});
  auto asked = call.whole_list("output_shape");
  const ConvGeometry slide = onnx_slide(call, kernel);
  if (automatic != "NOTSET" && slide.padding != Padding(0)) throw DataError(str_cat("has auto_pad ", automatic, ", and pads"));
  const OnnxTensor* bias = onnx_constant(built, call, 2);
  if (built.is_lost()) return;
  const Shape<4> in = built.images();
  if (groups < 1 || in[3] % groups != 0 || !Shape<2>{{weight.dims[1], groups}}.is_countable())
    throw DataError(str_cat("has group ", groups, " on images of ", in[3], " channels"));
  ConvTranspose conv{.filters = weight.dims[1] * groups, .kernel = slide.window, .stride = slide.stride, .output_padding = {more[0], more[1]},
                     .dilation = slide.dilation, .groups = groups, .bias = bias != nullptr};
  if (asked.empty() && !same) {
    conv.padding = slide.padding;
    return built.push(conv, weight, bias);
  }
  const Shape<4> whole = conv.output_shape(in);  // without a padding; also refuses numbers out of range
  const bool from_stride = asked.empty();
  if (from_stride) asked = {in[1] * slide.stride.height, in[2] * slide.stride.width};
  if (asked.size() == 4) asked.erase(asked.begin(), asked.begin() + 2);  // (N, C, H, W) in older files
  if (asked.size() != 2 || asked[0] < 1 || asked[1] < 1) throw DataError("expects an output_shape of two numbers of at least 1");
  const Index h = whole[1] - asked[0], w = whole[2] - asked[1];  // what is to be cut off
  if (from_stride && (h < 0 || w < 0))
    throw DataError(str_cat("has auto_pad ", automatic, " and a kernel smaller than its stride, where runtimes differ; expects pads"));
  conv.output_padding = {more[0] + (std::max)(-h, Index{0}), more[1] + (std::max)(-w, Index{0})};
  const Index less_h = (std::max)(h, Index{0}) / 2, less_w = (std::max)(w, Index{0}) / 2;
  const Index rest_h = (std::max)(h, Index{0}) - less_h, rest_w = (std::max)(w, Index{0}) - less_w;
  conv.padding = upper ? Padding(less_h, less_w, rest_h, rest_w) : Padding(rest_h, rest_w, less_h, less_w);
  built.push(conv, weight, bias);
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
