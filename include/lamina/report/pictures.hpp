#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../data/dataset.hpp"
#include "plot.hpp"

// These functions make pictures of numbers: samples, filters, and outputs of layers.
namespace LAMINA_NAMESPACE {

namespace detail {

/// The range of numbers that a picture shows from black to white.
struct Tones {
  float low = 0, high = 1;

  /// Returns the range of some numbers, ignoring NaN and infinity.
  static Tones of(std::span<const float> values);

  std::uint8_t operator()(float value) const {
    const double least = static_cast<double>(low);
    const double share = (static_cast<double>(value) - least) / (static_cast<double>(high) - least);
    return static_cast<std::uint8_t>(share > 0 ? (std::min)(share, 1.0) * 255 + 0.5 : 0);
  }
};

/// Returns values (H, W, C) as a picture: three channels as red, green, blue, others as their mean. Pictures larger than
/// `longest` are reduced by a whole number, with each pixel the mean of those it replaces.
Tensor<std::uint8_t, 3> toned(std::span<const float> values, const Shape<3>& extents, const Tones& tones,
                                     Index longest = 160);

/// Returns weights (H, W, C) as a picture: three channels as colours around grey; otherwise the mean of the channels from
/// blue through white to orange, where white is 0. `reach` is the weight with the full colour.
Tensor<std::uint8_t, 3> weights_picture(std::span<const float> values, const Shape<3>& extents, float reach);

}  // namespace detail

/// Returns samples of a set of images as pictures, by their numbers: bytes as they are, floats scaled so that those of
/// these samples span black to white. Throws OptionError if a sample does not exist.
std::vector<Picture> pictures(const Dataset<3>& data, std::span<const Index> samples);

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/pictures.ipp"
#endif
