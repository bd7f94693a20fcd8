#pragma once

#include <cstdint>
#include <vector>

#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The source pixels of one result pixel along an axis: pixels from `first` on, each with its weight.
struct ResizeTaps {
  Index first;
  std::vector<float> weights;
};

/// Returns the source pixels of every result pixel. When shrinking, a pixel is the mean of what it covers; when growing,
/// it is interpolated between the two nearest ones; edges are repeated.
std::vector<ResizeTaps> resize_taps(Index in, Index out);

}  // namespace detail

/// Returns an image (H, W, C) with other extents, stretched if necessary: by area along an axis that shrinks, so that
/// nothing is lost, otherwise bilinear. Rounds once. Throws OptionError for extents below 1 and ShapeError for an empty image.
Tensor<std::uint8_t, 3> resize_image(const Tensor<std::uint8_t, 3>& image, const Shape<2>& size);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/resize.ipp"
#endif
