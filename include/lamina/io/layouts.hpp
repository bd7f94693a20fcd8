#pragma once

#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/function_ref.hpp"
#include "../exec/program.hpp"
#include "../layers/batch_norm.hpp"
#include "../layers/conv.hpp"
#include "../layers/conv_transpose.hpp"
#include "../layers/dense.hpp"
#include "../layers/flatten.hpp"
#include "../layers/layer_norm.hpp"
#include "../layers/prelu.hpp"

namespace LAMINA_NAMESPACE::detail {

// Other libraries store some tensors in another order than lamina. Images are (N, H, W, C) here and in Keras, and (N, C,
// H, W) in PyTorch. Therefore
//
//   | tensor                                   | in memory          | PyTorch, files     | Keras              |
//   |------------------------------------------|--------------------|--------------------|--------------------|
//   | Conv, weight                             | (R, S, C, K)       | (K, C, R, S)       | (R, S, C, K)       |
//   | ConvTranspose, weight                    | (R, S, K, C)       | (C, K, R, S)       | (R, S, K, C)       |
//   | Dense, weight                            | (U, F)             | (U, F)             | (F, U)             |
//   | Dense, weight, after Flatten of an image | (U, F), F = H·W·C  | (U, F), F = C·H·W  | (F, U), F = H·W·C  |
//   | BatchNorm, … behind such a Flatten       | (F), F = H·W·C     | (F), F = C·H·W     | as it is           |
//   | every other                              | as it is           | as it is           | as it is           |
//
// Names are PyTorch's, "3.weight": all layers are counted. Keras's convention counts only layers with tensors, because an
// activation is often part of another layer there. Its weights are called kernels, "1.kernel", and a BatchNorm has gamma,
// beta, moving_mean and moving_variance. The tensors of a user's own layer are written as they are.

/// The library whose names and layouts a file has.
enum class WeightLayout { pytorch, keras };

/// The layout of a tensor in a file: its numbers, seen as an array with the extents `view`, with the axes in another order.
struct FileLayout {
  std::vector<Index> shape;        // in the file
  std::vector<Index> view;         // in memory, row-major
  std::vector<std::size_t> order;  // axis i of the array in the file is axis order[i] of the view

  /// Calls visit(place in the file, place in memory) for every number, in the file's order.
  void for_each_place(FunctionRef<void(Index, Index)> visit) const;
};

/// The shape of the image (H, W, C) that a row of features was made from, or nothing.
using RowImage = std::optional<Shape<3>>;

/// Returns whether a layer's tensors have a number for each feature, which stays in its place.
template <typename T>
bool has_features(const LayerNode<T>& layer) {
  return layer.template get_if<BatchNorm>() || layer.template get_if<LayerNorm>() || layer.template get_if<PReLU>();
}

/// Returns whether a layer's type guarantees that each number stays in its place.
template <typename T>
bool keeps_places(const detail::LayerNode<T>& layer) {
  return layer.parameter_type() == &detail::type_key<None> || detail::has_features(layer);
}

/// Returns what the rows are after a layer: an image after Flatten, the same image after a layer that keeps each number's
/// place, as far as is known: one that learns nothing and keeps the extents, BatchNorm, LayerNorm or PReLU; otherwise nothing in particular.
/// `in` and `out` are the extents of a batch.
RowImage row_image_after(bool flattens, bool keeps_places, std::span<const Index> in, std::span<const Index> out,
                         const RowImage& image);

/// Returns what the rows are at each value of a network: its input, and the output of each layer. Rows that are added or
/// multiplied are an image if all of them are the same; rows side by side are none.
template <typename T>
std::vector<RowImage> row_images(std::span<const typename detail::Program<T>::Layer> layers) {
  std::vector<RowImage> images(layers.size() + 1);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    RowImage before = images[layer.inputs[0]];
    for (const std::size_t value : layer.inputs)
      if (images[value] != before || (layer.inputs.size() > 1 && layer.out.size() != 2)) before.reset();
    const detail::Merge merge = layer.node->merge();
    if (merge == detail::Merge::none)
      images[i + 1] = row_image_after(layer.node->template get_if<Flatten>(), keeps_places(*layer.node), layer.in, layer.out, before);
    else if (merge != detail::Merge::concat)
      images[i + 1] = before;
  }
  return images;
}

/// Returns the layout of a tensor that is written as it is.
template <typename L, int Rank>
FileLayout file_layout(const L&, const Shape<Rank>& tensor, const RowImage&) {
  FileLayout layout{{tensor.extents.begin(), tensor.extents.end()}, {}, std::vector<std::size_t>(std::size_t{Rank})};
  layout.view = layout.shape;
  std::iota(layout.order.begin(), layout.order.end(), std::size_t{0});
  return layout;
}

/// Returns the layout of filters: (R, S, C, K) becomes (K, C, R, S), and a transposed convolution's (R, S, K, C) becomes (C, K, R, S).
template <typename W, typename B>
FileLayout file_layout(const BasicConv<W, B>&, const Shape<4>& weight, const RowImage&) {
  const auto [R, S, C, K] = weight;
  return {{K, C, R, S}, {R, S, C, K}, {3, 2, 0, 1}};
}
template <typename W, typename B>
FileLayout file_layout(const BasicConvTranspose<W, B>&, const Shape<4>& weight, const RowImage& image) {
  return file_layout(Conv{}, weight, image);
}

/// Returns the layout of weights (U, F) for rows made of images: (U, H, W, C) becomes (U, C, H, W), written as (U, F).
template <typename W, typename B>
FileLayout file_layout(const BasicDense<W, B>&, const Shape<2>& weight, const RowImage& image) {
  const auto [U, F] = weight;
  if (!image) return {{U, F}, {U, F}, {0, 1}};
  const auto [H, W_, C] = *image;
  return {{U, F}, {U, H, W_, C}, {0, 3, 1, 2}};
}

/// Returns the layout of one number per feature of rows made of images: (H, W, C) becomes (C, H, W), written as (F).
FileLayout feature_layout(const Shape<1>& tensor, const RowImage& image);

/// Returns the layout in Keras. This overload is for tensors that are written as they are.
template <typename L, int Rank>
FileLayout keras_layout(const L&, const Shape<Rank>& tensor) {
  return file_layout(None{}, tensor, {});
}
template <typename W, typename B>
FileLayout keras_layout(const BasicDense<W, B>&, const Shape<2>& weight) {
  const auto [U, F] = weight;
  return {{F, U}, {U, F}, {1, 0}};
}

/// Returns the layout of a layer's tensor in a file of PyTorch's or of Keras's convention.
template <typename T>
FileLayout file_layout(const detail::LayerNode<T>& layer, detail::TensorPointer<T> tensor, WeightLayout convention,
                       const RowImage& image) {
  return tensor.visit([&](const auto& own) {
    const auto extents = shape(own);
    const bool keras = convention == WeightLayout::keras;
    if (const Conv* conv = layer.template get_if<Conv>())
      return keras ? keras_layout(*conv, extents) : file_layout(*conv, extents, image);
    if (const ConvTranspose* conv = layer.template get_if<ConvTranspose>())
      return keras ? keras_layout(*conv, extents) : file_layout(*conv, extents, image);
    if (const Dense* dense = layer.template get_if<Dense>())
      return keras ? keras_layout(*dense, extents) : file_layout(*dense, extents, image);
    if constexpr (std::remove_cvref_t<decltype(extents)>::rank == 1)
      if (!keras && detail::has_features(layer)) return feature_layout(extents, image);
    return file_layout(None{}, extents, image);
  });
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/layouts.ipp"
#endif
