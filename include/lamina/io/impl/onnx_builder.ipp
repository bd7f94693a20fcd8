#pragma once

#include "../onnx_builder.hpp"

#include <algorithm>
#include <utility>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OnnxBuilder::OnnxBuilder(const OnnxGraph& graph, std::size_t most_layers)
    : graph_(graph), most_layers_(most_layers) {
  const auto& sample = graph.sample;
  if (sample.size() == 1)
    at_ = Shape<2>{{1, sample[0]}};
  else
    at_ = Shape<4>{{1, sample[0], sample[1], sample[2]}};
}

LAMINA_FUNC Shape<4> OnnxBuilder::images() const {
  if (channels_last_) throw DataError("expects images (N, C, H, W) but they are (N, H, W, C) behind a Transpose");
  if (const auto* images = std::get_if<Shape<4>>(&at_)) return *images;
  throw DataError("expects images (N, C, H, W) but gets rows");
}

LAMINA_FUNC Shape<2> OnnxBuilder::rows() const {
  if (const auto* rows = std::get_if<Shape<2>>(&at_)) return *rows;
  throw DataError("expects rows (N, F) but gets images; put a Flatten before it");
}

LAMINA_FUNC void OnnxBuilder::make_channels_last() {
  if (lost_) return;
  images();
  channels_last_ = true;
}

LAMINA_FUNC void OnnxBuilder::push(const Conv& conv, const OnnxTensor& weight, const OnnxTensor* bias) {
  if (lost_) return;
  const auto in = images();
  if (conv.groups < 1 || conv.groups > in[3] || weight.dims[1] != in[3] / conv.groups)
    throw DataError(message("expects weights ", quoted(weight.name), " for images of ", in[3], " channels",
                            conv.groups == 1 ? std::string() : message(" in ", conv.groups, " groups"), " but got ",
                            weight.shape_text()));
  const Shape<4> here{{conv.kernel.height, conv.kernel.width, weight.dims[1], conv.filters}};
  append(conv, None{});
  sources_.push_back({&weight, file_layout(conv, here, {})});
  if (conv.bias) sources_.push_back(bias_of(bias, conv.filters));
  without_bias_ = false;
}

LAMINA_FUNC void OnnxBuilder::push(const Dense& dense, const OnnxTensor& weight, const OnnxTensor* bias,
                                   bool transposed) {
  if (lost_) return;
  const Index F = rows()[1];
  if (weight.dims[transposed ? 0 : 1] != F)
    throw DataError(message("expects weights ", quoted(weight.name), " for rows of ", F, " features but got ",
                            weight.shape_text()));
  FileLayout layout = file_layout(dense, Shape<2>{{dense.units, F}}, image_);
  if (transposed) {
    std::swap(layout.shape[0], layout.shape[1]);
    std::rotate(layout.order.begin(), layout.order.begin() + 1, layout.order.end());
  }
  append(dense, None{});
  image_.reset();
  sources_.push_back({&weight, std::move(layout)});
  if (dense.bias) sources_.push_back(bias_of(bias, dense.units));
  without_bias_ = !dense.bias;
}

LAMINA_FUNC void OnnxBuilder::push(const BatchNorm& norm, std::span<const OnnxTensor* const, 4> tensors) {
  if (lost_) return;
  if (channels_last_) images();  // refuses
  const Index C = std::visit([](const auto& extents) { return extents[extents.rank - 1]; }, at_);
  const FileLayout layout = feature_layout(Shape<1>{{C}}, image_);
  for (const OnnxTensor* tensor : tensors) {
    if (!tensor->is_real() || tensor->dims.size() != 1 || tensor->dims[0] != C)
      throw DataError(message("expects ", C, " real numbers for its channels but got ", quoted(tensor->name), " ",
                              tensor->shape_text()));
    sources_.push_back({tensor, layout});
  }
  append(norm, None{});
  without_bias_ = false;
}

LAMINA_FUNC FileLayout OnnxBuilder::features_of(const OnnxTensor* tensor, Index size) const {
  const FileLayout layout = feature_layout(Shape<1>{{size}}, image_);
  if (!tensor) return layout;
  auto dims = tensor->dims;
  if (dims.size() == 4 && dims[0] == 1) dims.erase(dims.begin());
  const bool of_images = rank() == 4 && dims == std::vector<Index>{size, 1, 1};
  if (!tensor->is_real() || !(of_images || dims == std::vector<Index>{size} || (size == 1 && tensor->count() == 1)))
    throw DataError(message("expects ", size, " real numbers for its channels but got ", quoted(tensor->name), " ",
                            tensor->shape_text()));
  return layout;
}

LAMINA_FUNC void OnnxBuilder::add_bias(const OnnxTensor& bias) {
  if (lost_) return;
  if (!without_bias_) throw DataError("is read as the bias of a MatMul or a Gemm right before it, and of nothing else");
  sources_.push_back(bias_of(&bias, rows()[1]));
  auto dense = std::get<ListedDense>(network_[network_.size() - 1]);
  dense.bias = true;
  const Network before = std::exchange(network_, Network{});
  for (std::size_t i = 0; i + 1 < before.size(); ++i) std::visit([&](const auto& own) { network_.push_back(own); }, before[i]);
  network_.push_back(dense);
  without_bias_ = false;
}

LAMINA_FUNC void OnnxBuilder::check_end() const {
  if (network_.size() == 0) throw DataError("has no layer");
  if (image_ && (*image_)[2] > 1 && (*image_)[0] * (*image_)[1] > 1)
    throw DataError(
        "ends with the numbers of images in the order (c, h, w), which are (h, w, c) here; put a Transpose "
        "(perm 0, 2, 3, 1) before its Flatten, or a Gemm behind it");
}

LAMINA_FUNC OnnxBuilder::Source OnnxBuilder::bias_of(const OnnxTensor* bias, Index size) {
  const Source source{bias, file_layout(None{}, Shape<1>{{size}}, {})};
  if (!bias) return source;
  const auto& dims = bias->dims;
  if (!bias->is_real() || dims.empty() || dims.size() > 2 || dims.back() != size ||
      dims[0] != (dims.size() == 2 ? 1 : size))
    throw DataError(
        message("expects ", size, " real numbers as its bias but got ", quoted(bias->name), " ", bias->shape_text()));
  return source;
}

}  // namespace lamina::detail
