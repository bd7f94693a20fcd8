#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "../models/network.hpp"
#include "layouts.hpp"
#include "onnx_graph.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A builder that appends layers to a network and tracks the data at its end: its extents, and whether a row is an image
/// whose numbers have another order in ONNX, (c, h, w), than here, (h, w, c).
class OnnxBuilder {
 public:
  /// The source of a layer's tensor: in the file, or null for zeros.
  struct Source {
    const OnnxTensor* tensor = nullptr;
    FileLayout layout{};
  };

  OnnxBuilder(const OnnxGraph& graph, std::size_t most_layers);

  const OnnxGraph& graph() const { return graph_; }
  const Network& network() const { return network_; }
  const std::vector<Source>& sources() const { return sources_; }  // in the order of visit_parameters

  /// Returns whether a node could not be read. Then the data is unknown, and nothing more is built.
  bool is_lost() const { return lost_; }
  void lose() { lost_ = true; }

  /// Returns the extents of the current data: images (1, H, W, C), or rows (1, F). Throws DataError if it is the other kind.
  Shape<4> images() const;
  Shape<2> rows() const;
  Index rank() const { return std::holds_alternative<Shape<4>>(at_) ? 4 : 2; }
  Index numbers() const {
    return std::visit([](const auto& extents) { return extents.size(); }, at_);
  }

  /// Appends a layer without parameters. Throws what the layer throws if it does not accept the data.
  template <typename L>
  void push(const L& layer) {
    if (lost_) return;
    append(layer, None{});
    without_bias_ = false;
    if (std::is_same_v<L, Flatten>) channels_last_ = false;
  }

  /// Appends a layer without parameters that treats images by their axes.
  template <typename L>
  void push_on_images(const L& layer) {
    if (lost_) return;
    images();
    push(layer);
  }

  /// Records that images (N, C, H, W) become (N, H, W, C), as Flatten has them here. It matters only for a Flatten.
  void make_channels_last();

  void push(const Conv& conv, const OnnxTensor& weight, const OnnxTensor* bias);

  /// Appends a Dense. If `transposed`, its weights are (F, U) instead of (U, F).
  void push(const Dense& dense, const OnnxTensor& weight, const OnnxTensor* bias, bool transposed);

  /// Appends a BatchNorm. `tensors` are its weight, bias, running mean and running variance.
  void push(const BatchNorm& norm, std::span<const OnnxTensor* const, 4> tensors);

  /// Gives the last Dense its bias. Throws DataError unless the last layer is a Dense without a bias.
  void add_bias(const OnnxTensor& bias);

  /// Throws DataError if the last layer's output cannot be the file's output.
  void check_end() const;

 private:
  template <typename L, typename P>
  void append(const L& layer, const P&) {
    if (network_.size() == most_layers_)
      throw DataError(message("exceeds the ", most_layers_, " layers that the limits allow"));
    at_ = std::visit(
        [&]<int Rank>(const Shape<Rank>& in) -> Network::AnyShape {
          if constexpr (Takes<L, Rank>) {
            const auto out = layer.output_shape(in);
            constexpr bool keeps_places = std::is_same_v<P, None>;
            image_ = channels_last_ ? std::nullopt
                                    : row_image_after(std::is_same_v<L, Flatten>, keeps_places, in.extents, out.extents, image_);
            return out;
          } else {
            refuse_rank(L::name, in);
          }
        },
        at_);
    network_.push_back(layer);
  }

  static Source bias_of(const OnnxTensor* bias, Index size);

  const OnnxGraph& graph_;
  std::size_t most_layers_;
  Network network_;
  std::vector<Source> sources_;
  Network::AnyShape at_;
  RowImage image_;
  bool channels_last_ = false, without_bias_ = false, lost_ = false;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_builder.ipp"
#endif
