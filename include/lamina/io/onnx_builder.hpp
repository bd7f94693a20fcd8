#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../models/network.hpp"
#include "layouts.hpp"
#include "onnx_graph.hpp"

namespace lamina::detail {

/// Puts layers one behind another, and knows at each place what arrives there: its extents, and whether a row is an
/// image whose numbers have another order in ONNX, (c, h, w), than here, (h, w, c).
class OnnxBuilder {
 public:
  /// Where the numbers of a layer's tensor are: in the file, or nowhere, where they are zeros.
  struct Source {
    const OnnxTensor* tensor = nullptr;
    FileLayout layout{};
  };

  OnnxBuilder(const OnnxGraph& graph, std::size_t most_layers) : graph_(graph), most_layers_(most_layers) {
    const auto& sample = graph.sample;
    if (sample.size() == 1)
      at_ = Shape<2>{{1, sample[0]}};
    else
      at_ = Shape<4>{{1, sample[0], sample[1], sample[2]}};
  }

  const OnnxGraph& graph() const { return graph_; }
  const Network& network() const { return network_; }
  const std::vector<Source>& sources() const { return sources_; }  // in the order of visit_parameters

  /// After a node that cannot be read it is not known any more what arrives, and nothing is built.
  bool is_lost() const { return lost_; }
  void lose() { lost_ = true; }

  /// What arrives: the extents of images (1, H, W, C), or of rows (1, F). Throws DataError for the other.
  Shape<4> images() const {
    if (channels_last_) throw DataError("expects images (N, C, H, W) but they are (N, H, W, C) behind a Transpose");
    if (const auto* images = std::get_if<Shape<4>>(&at_)) return *images;
    throw DataError("expects images (N, C, H, W) but gets rows");
  }
  Shape<2> rows() const {
    if (const auto* rows = std::get_if<Shape<2>>(&at_)) return *rows;
    throw DataError("expects rows (N, F) but gets images; put a Flatten before it");
  }
  Index rank() const { return std::holds_alternative<Shape<4>>(at_) ? 4 : 2; }
  Index numbers() const {
    return std::visit([](const auto& extents) { return extents.size(); }, at_);
  }

  /// Appends a layer without parameters. Throws what the layer throws where it cannot take what arrives.
  template <typename L>
  void push(const L& layer) {
    if (lost_) return;
    append(layer, None{});
    without_bias_ = false;
    if (std::is_same_v<L, Flatten>) channels_last_ = false;
  }

  /// Appends a layer without parameters that knows an image's axes.
  template <typename L>
  void push_on_images(const L& layer) {
    if (lost_) return;
    images();
    push(layer);
  }

  /// Images (N, C, H, W) become (N, H, W, C), as Flatten has them here; nothing but a Flatten needs to know.
  void make_channels_last() {
    if (lost_) return;
    images();
    channels_last_ = true;
  }

  void push(const Conv& conv, const OnnxTensor& weight, const OnnxTensor* bias) {
    if (lost_) return;
    const auto in = images();
    if (weight.dims[1] != in[3])
      throw DataError(message("expects weights ", quoted(weight.name), " for images of ", in[3], " channels but got ",
                              weight.shape_text()));
    const Shape<4> here{{conv.kernel.height, conv.kernel.width, in[3], conv.filters}};
    append(conv, None{});
    sources_.push_back({&weight, file_layout(conv, here, {})});
    sources_.push_back(bias_of(bias, conv.filters));
    without_bias_ = false;
  }

  /// `transposed` are weights (F, U), not (U, F).
  void push(const Dense& dense, const OnnxTensor& weight, const OnnxTensor* bias, bool transposed) {
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
    sources_.push_back(bias_of(bias, dense.units));
    without_bias_ = bias == nullptr;
  }

  /// Gives the Dense before it its bias. Throws DataError where there is none that waits for one.
  void add_bias(const OnnxTensor& bias) {
    if (lost_) return;
    if (!without_bias_)
      throw DataError("is read as the bias of a MatMul or a Gemm right before it, and of nothing else");
    sources_.back() = bias_of(&bias, rows()[1]);
    without_bias_ = false;
  }

  /// Throws DataError where what it ends with cannot be what the file's output is.
  void check_end() const {
    if (network_.size() == 0) throw DataError("has no layer");
    if (image_ && (*image_)[2] > 1 && (*image_)[0] * (*image_)[1] > 1)
      throw DataError(
          "ends with the numbers of images in the order (c, h, w), which are (h, w, c) here; put a Transpose "
          "(perm 0, 2, 3, 1) before its Flatten, or a Gemm behind it");
  }

 private:
  template <typename L, typename P>
  void append(const L& layer, const P& p) {
    if (network_.size() == most_layers_)
      throw DataError(message("is one more than the ", most_layers_, " layers that the limits allow"));
    at_ = std::visit(
        [&]<int Rank>(const Shape<Rank>& in) -> Network::AnyShape {
          if constexpr (Takes<L, Rank>) {
            image_ = channels_last_ ? std::nullopt : row_image_after(layer, in, p, image_);
            return layer.output_shape(in);
          } else {
            refuse_rank(L::name, in);
          }
        },
        at_);
    network_.push_back(layer);
  }

  static Source bias_of(const OnnxTensor* bias, Index size) {
    const Source source{bias, file_layout(None{}, Shape<1>{{size}}, {})};
    if (!bias) return source;
    const auto& dims = bias->dims;
    if (!bias->is_real() || dims.empty() || dims.size() > 2 || dims.back() != size ||
        dims[0] != (dims.size() == 2 ? 1 : size))
      throw DataError(
          message("expects ", size, " real numbers as its bias but got ", quoted(bias->name), " ", bias->shape_text()));
    return source;
  }

  const OnnxGraph& graph_;
  std::size_t most_layers_;
  Network network_;
  std::vector<Source> sources_;
  Network::AnyShape at_;
  RowImage image_;
  bool channels_last_ = false, without_bias_ = false, lost_ = false;
};

}  // namespace lamina::detail
