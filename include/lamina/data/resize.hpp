#pragma once

#include <cstdint>
#include <vector>

#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// What one pixel of the result is made of along an axis: pixels from `first` on, each with its weight.
struct ResizeTaps {
  Index first;
  std::vector<float> weights;
};

/// Shrinking, a pixel is the mean of what it covers; growing, it lies between the two nearest ones; edges are
/// continued.
std::vector<ResizeTaps> resize_taps(Index in, Index out);

}  // namespace detail

/// An image (H, W, C) with other extents, stretched if need be: along an axis that shrinks by area, so that nothing is
/// lost, else bilinear. Rounded once. Throws OptionError for extents below 1 and ShapeError for an empty image.
Tensor<std::uint8_t, 3> resize(const Tensor<std::uint8_t, 3>& image, const Shape<2>& size);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/resize.ipp"
#endif
