#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../models/network.hpp"
#include "layouts.hpp"
#include "onnx_constants.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Puts layers one behind another in a list, see layers/merges.hpp, and knows for each value of the graph where it stands and what
/// it is: its extents, and whether a row is an image whose numbers have another order in ONNX, (c, h, w), than here, (h, w, c).
/// One value at a time is selected: layers are appended to it.
class OnnxBuilder : public OnnxConstants {
 public:
  /// One of the constants that a value is added to, multiplied by and so on, one after another: one number, or one for each
  /// channel. `op` is ONNX's operator; a Sub from the constant is "From".
  struct Step {
    std::string_view op;
    const OnnxTensor* constant;
  };

  /// The source of a layer's tensor: in the file, or null for zeros; or what steps make of every channel, y = scale·x + shift.
  struct Source {
    enum class Role : unsigned char { tensor, scale, shift, ones };

    const OnnxTensor* tensor = nullptr;
    FileLayout layout{};
    Role role = Role::tensor;
    std::vector<Step> steps{};
  };

  OnnxBuilder(const OnnxGraph& graph, std::size_t most_layers);

  Network network() const;
  const std::vector<Source>& sources() const { return sources_; }  // in the order of visit_parameters

  /// Returns whether a node could not be read. Then the data is unknown, and nothing more is built.
  bool is_lost() const { return lost_; }
  void lose() { lost_ = true; }

  /// Takes the graph's input as images (N, H, W, C).
  void make_input_channels_last();

  /// Selects a value. Returns whether there is one of this name.
  bool select(std::string_view name);
  /// Gives what was appended last a name, and whole numbers.
  void define(std::string_view name);
  using OnnxConstants::define;

  /// The axes of images in the file. `groups` and `shuffled` are those between the nodes that a ChannelShuffle is in ONNX.
  enum class Axes : unsigned char {
    channels_first,  // (N, C, H, W), or rows as (N, C, 1, 1)
    channels_last,   // (N, H, W, C), or rows as (N, 1, 1, C)
    groups,          // (N, g, C / g, H, W)
    shuffled         // (N, C / g, g, H, W)
  };

  // What is selected: the extents of images (1, H, W, C), or of rows (1, F). Throws DataError for the other, and for images whose
  // axes are not (N, C, H, W) in the file.
  // Rows (N, C, 1, 1) are images again where they were images before a Flatten and nothing else takes them.
  Shape<4> images();
  Shape<2> rows() const;
  Axes axes() const { return here_.axes; }
  /// Returns the number of an axis of images (N, H, W, C) for one of the file's four; −1 if there is none.
  Index axis_here(Index axis) const;
  bool is_images() const { return std::holds_alternative<Shape<4>>(here_.at); }
  Index rank() const { return is_images() ? 4 : 2; }
  Index numbers() const {
    return std::visit([](const auto& extents) { return extents.size(); }, here_.at);
  }
  /// Returns the extents as ONNX has them: (N, C, H, W), of which N is OnnxIntegers::batch.
  std::vector<Index> onnx_extents() const;

  /// Throws DataError for images whose axes are not (N, C, H, W) in the file, or that are behind a Pad.
  void check_axes() const;

  /// Appends a layer without parameters. Throws what the layer throws if it does not accept the data.
  template <typename L>
  void push(const L& layer) {
    if (lost_) return;
    check_padding();
    append(layer, None{});
    here_.takes_bias = false;
    if (std::is_same_v<L, Flatten>) here_.axes = Axes::channels_first;
  }

  /// Appends a layer without parameters that treats images by their axes.
  template <typename L>
  void push_on_images(const L& layer) {
    if (lost_) return;
    images();
    push(layer);
  }

  /// Appends a Flatten where there are images; rows stay as they are.
  void flatten();

  /// Appends a Subsample, or makes one of it and the one before.
  void subsample(Size2D stride, Index channels);

  /// Appends a Narrow, unless it keeps all channels or features.
  void narrow(Index start, Index length);

  /// Records that a Transpose gives the axes another order. Returns whether it is one that is read.
  bool transpose(std::span<const Index> order);

  /// Records that a Reshape parts the channels of images into groups, or joins them again, shuffled or not; or that it moves an
  /// axis of one number, as a Transpose would. Returns whether it does.
  bool regroup(std::span<const Index> extents);

  /// Adds rows and columns around images, of zeros or of numbers below all others. The next Conv or pool has them.
  void pad(const Padding& padding, bool lowest);
  /// Returns the padding of a window together with that of a Pad before it, which is no more then.
  /// Throws DataError for a padding that is not of zeros, unless the window takes the largest number and it is below all others.
  Padding take_padding(const ConvGeometry& slide, bool takes_largest = false);
  bool is_padded() const { return here_.padding != Padding(0); }

  /// Rows (N, C) get so many axes of one number, behind theirs or, as (N, 1, 1, C), before the last; or they lose them. They
  /// count as a factor for each channel then.
  void add_ones(Index count, Axes axes = Axes::channels_first);

  /// Makes one of several values, in their order.
  template <typename L>
  void merge(std::span<const std::string_view> names);

  void push(const Conv& conv, const OnnxTensor& weight, const OnnxTensor* bias);
  void push(const ConvTranspose& conv, const OnnxTensor& weight, const OnnxTensor* bias);

  /// Appends a Dense. If `transposed`, its weights are (F, U) instead of (U, F).
  void push(const Dense& dense, const OnnxTensor& weight, const OnnxTensor* bias, bool transposed);

  /// Appends a BatchNorm. `tensors` are its weight, bias, running mean and running variance.
  void push(const BatchNorm& norm, std::span<const OnnxTensor* const, 4> tensors);

  /// Appends a Conv that multiplies each pixel's channels, of images (N, H, W, C), by weights (C, K).
  void push_pixelwise(const OnnxTensor& weight);

  /// Appends a layer whose tensors have `size` numbers each, for all features or for each: (C), or (C, 1, 1) of images.
  /// Those that are null are zeros.
  template <typename L>
  void push_features(const L& layer, std::span<const OnnxTensor* const> tensors, Index size) {
    if (lost_) return;
    check_padding();
    for (const OnnxTensor* tensor : tensors) sources_.push_back({tensor, features_of(tensor, size)});
    append(layer, None{});
    here_.takes_bias = false;
  }

  /// Returns how many features arrive: an image's channels, or a row's numbers.
  Index features() const {
    return std::visit([](const auto& extents) { return extents[extents.rank - 1]; }, here_.at);
  }

  /// Applies y = x + c, or as the operator is, with a constant of one number or one for each channel: it is the bias of the Conv,
  /// ConvTranspose or Dense right before it, or else a Conv of kernel 1 in as many groups as channels, or of rows a BatchNorm.
  void apply_constant(std::string_view op, const OnnxTensor& constant);

  /// Throws DataError where what is selected cannot be what the file's output is.
  void check_end() const;

 private:
  /// A value of the graph.
  struct Value {
    std::size_t place = 0;  // how many layers stand before it
    Network::AnyShape at{};
    RowImage image{};
    Axes axes = Axes::channels_first;
    Index groups = 0;                    // of the axes that are in groups
    Padding padding = 0;
    bool lowest = false;  // what the padding is of
    bool unflattens = false;  // rows that were images of one pixel before the last layer, a Flatten
    Index ones = 0;                      // axes of one number that rows have in the file
    bool takes_bias = false;  // a Dense that may be given one
    bool shared = false;      // another name of it is used several times
    std::string_view name{};
  };

  static bool is_reordered(const RowImage& image) { return image && (*image)[0] * (*image)[1] > 1 && (*image)[2] > 1; }

  void check_padding() const;
  void check_order() const;
  /// Returns whether no number of the selected value is below zero, by the layer that makes it.
  bool is_nonnegative() const;

  /// Throws DataError unless a constant has one number, or one for each channel, in the axes of the file.
  void check_constant(const OnnxTensor& constant) const;

  /// Returns whether the selected value is what the last layer makes, and the next node is the only one that takes it.
  bool is_alone() const { return !layers_.empty() && here_.place == layers_.size() && !here_.shared && uses(here_.name) == 1; }

  /// Goes on from the selected value in the list, and makes room for a layer.
  void go_here();

  template <typename L, typename P>
  void append(const L& layer, const P&) {
    Value next = here_;
    next.at = std::visit(
        [&]<int Rank>(const Shape<Rank>& in) -> Network::AnyShape {
          if constexpr (Takes<L, Rank>) {
            const auto out = layer.output_shape(in);
            constexpr bool keeps_places = std::is_same_v<P, None>;
            next.image = here_.axes != Axes::channels_first ? std::nullopt
                                             : row_image_after(std::is_same_v<L, Flatten>, keeps_places, in.extents, out.extents, here_.image);
            return out;
          } else {
            refuse_rank(L::name, in);
          }
        },
        here_.at);
    put(listed(layer), next);
  }

  void put(AnyLayer<> layer, Value next);
  /// Returns where the numbers of such a tensor belong. Throws DataError for another one.
  FileLayout features_of(const OnnxTensor* tensor, Index size) const;

  static Source bias_of(const OnnxTensor* bias, Index size);

  std::size_t most_layers_;
  std::vector<AnyLayer<>> layers_;
  static constexpr std::size_t most_steps = 64;  // of one layer, so that many nodes in a row take no time
  std::size_t scaled_ = 0;  // how many layers there were when the last one with steps was appended
  std::vector<Source> sources_;
  std::map<std::string_view, Value> values_;
  Value here_;
  bool lost_ = false;
};

/// Returns the scale or the shift that the steps of a source make, for each of C channels in the file's order. Throws DataError
/// where a number is not finite.
std::vector<double> onnx_channels(const OnnxBuilder::Source& source, Index C);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/onnx_builder.ipp"
#endif
