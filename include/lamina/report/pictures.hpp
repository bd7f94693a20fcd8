#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../data/dataset.hpp"
#include "plot.hpp"

// Pictures of numbers: of samples, of filters, of what a layer gives.
namespace LAMINA_NAMESPACE {

namespace detail {

/// From which to which number a picture goes from black to white.
struct Tones {
  float low = 0, high = 1;

  /// From the least to the greatest of some numbers, those that are none left aside.
  static Tones of(std::span<const float> values);

  std::uint8_t operator()(float value) const {
    const double least = static_cast<double>(low);
    const double share = (static_cast<double>(value) - least) / (static_cast<double>(high) - least);
    return static_cast<std::uint8_t>(share > 0 ? (std::min)(share, 1.0) * 255 + 0.5 : 0);
  }
};

/// Values (H, W, C) as a picture: three channels as red, green, blue, others as their mean. Larger pictures than
/// `longest` are reduced by a whole number, each pixel the mean of those that it stands for.
Tensor<std::uint8_t, 3> toned(std::span<const float> values, const Shape<3>& extents, const Tones& tones,
                                     Index longest = 160);

/// Weights (H, W, C): of three channels as colours around grey; else from blue through white to orange, white being 0,
/// by the mean of the channels. `reach` is the weight that has the full colour.
Tensor<std::uint8_t, 3> weights_picture(std::span<const float> values, const Shape<3>& extents, float reach);

}  // namespace detail

/// Samples of a set of images as pictures, by their numbers: bytes as they are, float so that those of these samples
/// reach from black to white. Throws OptionError when there is no such sample.
std::vector<Picture> pictures(const Dataset<3>& data, std::span<const Index> samples);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/pictures.ipp"
#endif
