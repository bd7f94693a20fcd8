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

/// Puts layers one behind another, and knows at each place what arrives there: its extents, and whether a row is an
/// image whose numbers have another order in ONNX, (c, h, w), than here, (h, w, c).
class OnnxBuilder {
 public:
  /// Where the numbers of a layer's tensor are: in the file, or nowhere, where they are zeros.
  struct Source {
    const OnnxTensor* tensor = nullptr;
    FileLayout layout{};
  };

  OnnxBuilder(const OnnxGraph& graph, std::size_t most_layers);

  const OnnxGraph& graph() const { return graph_; }
  const Network& network() const { return network_; }
  const std::vector<Source>& sources() const { return sources_; }  // in the order of visit_parameters

  /// After a node that cannot be read it is not known any more what arrives, and nothing is built.
  bool is_lost() const { return lost_; }
  void lose() { lost_ = true; }

  /// What arrives: the extents of images (1, H, W, C), or of rows (1, F). Throws DataError for the other.
  Shape<4> images() const;
  Shape<2> rows() const;
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
  void make_channels_last();

  void push(const Conv& conv, const OnnxTensor& weight, const OnnxTensor* bias);

  /// `transposed` are weights (F, U), not (U, F).
  void push(const Dense& dense, const OnnxTensor& weight, const OnnxTensor* bias, bool transposed);

  /// `tensors` are its weight, bias, running mean and running variance.
  void push(const BatchNorm& norm, std::span<const OnnxTensor* const, 4> tensors);

  /// Appends a layer whose tensors have `size` numbers each, for all features or for each: (C), or (C, 1, 1) of images.
  /// Those that are null are zeros.
  template <typename L>
  void push_features(const L& layer, std::span<const OnnxTensor* const> tensors, Index size) {
    if (lost_) return;
    if (channels_last_) images();  // refuses
    for (const OnnxTensor* tensor : tensors) sources_.push_back({tensor, features_of(tensor, size)});
    append(layer, None{});
    without_bias_ = false;
  }

  /// Returns how many features arrive: an image's channels, or a row's numbers.
  Index features() const {
    return std::visit([](const auto& extents) { return extents[extents.rank - 1]; }, at_);
  }

  /// Gives the Dense before it its bias. Throws DataError where there is none that waits for one.
  void add_bias(const OnnxTensor& bias);

  /// Throws DataError where what it ends with cannot be what the file's output is.
  void check_end() const;

 private:
  template <typename L, typename P>
  void append(const L& layer, const P&) {
    if (network_.size() == most_layers_)
      throw DataError(message("is one more than the ", most_layers_, " layers that the limits allow"));
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

  /// Returns where the numbers of such a tensor belong. Throws DataError for another one.
  FileLayout features_of(const OnnxTensor* tensor, Index size) const;

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
