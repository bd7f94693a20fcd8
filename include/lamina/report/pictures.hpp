#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../data/dataset.hpp"
#include "plot.hpp"

// Pictures of numbers: of samples, of filters, of what a layer gives.
namespace lamina {

namespace detail {

/// From which to which number a picture goes from black to white.
struct Tones {
  float low = 0, high = 1;

  /// From the least to the greatest of some numbers, those that are none left aside.
  static Tones of(std::span<const float> values) {
    Tones tones{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};
    for (const float value : values)
      if (std::isfinite(value)) tones.low = std::min(tones.low, value), tones.high = std::max(tones.high, value);
    if (tones.low > tones.high) return {};
    if (!(tones.high > tones.low)) tones.high = tones.low + std::max(std::abs(tones.low), 1e-30F);
    return tones;
  }

  std::uint8_t operator()(float value) const {
    const double share = (static_cast<double>(value) - low) / (static_cast<double>(high) - low);
    return static_cast<std::uint8_t>(share > 0 ? std::min(share, 1.0) * 255 + 0.5 : 0);
  }
};

/// Values (H, W, C) as a picture: three channels as red, green, blue, others as their mean. Larger pictures than
/// `longest` are reduced by a whole number, each pixel the mean of those that it stands for.
inline Tensor<std::uint8_t, 3> toned(std::span<const float> values, const Shape<3>& extents, const Tones& tones,
                                     Index longest = 160) {
  const auto [H, W, C] = extents;
  const Index scale = (std::max(H, W) + longest - 1) / longest, colors = C == 3 ? 3 : 1, mixed = C == 3 ? 1 : C;
  Tensor<std::uint8_t, 3> pixels((H + scale - 1) / scale, (W + scale - 1) / scale, colors);
  for (Index h = 0; h < pixels.dimension(0); ++h)
    for (Index w = 0; w < pixels.dimension(1); ++w)
      for (Index color = 0; color < colors; ++color) {
        double sum = 0, count = 0;
        for (Index y = h * scale; y < std::min((h + 1) * scale, H); ++y)
          for (Index x = w * scale; x < std::min((w + 1) * scale, W); ++x)
            for (Index c = color; c < color + mixed; ++c, ++count)
              sum += static_cast<double>(values[static_cast<std::size_t>((y * W + x) * C + c)]);
        pixels(h, w, color) = tones(static_cast<float>(sum / count));
      }
  return pixels;
}

/// Weights (H, W, C): of three channels as colours around grey; else from blue through white to orange, white being 0,
/// by the mean of the channels. `reach` is the weight that has the full colour.
inline Tensor<std::uint8_t, 3> weights_picture(std::span<const float> values, const Shape<3>& extents, float reach) {
  const auto [H, W, C] = extents;
  if (C == 3) return toned(values, extents, {-reach, reach});
  Tensor<std::uint8_t, 3> pixels(H, W, Index{3});
  for (Index i = 0; i < H * W; ++i) {
    float sum = 0;
    for (Index c = 0; c < C; ++c) sum += values[static_cast<std::size_t>(i * C + c)];
    const float share = sum / static_cast<float>(C) / reach, size = std::min(std::abs(share), 1.0F);
    constexpr float below[] = {29, 95, 168}, above[] = {194, 65, 12};
    for (Index color = 0; color < 3; ++color)  // what is not a number stays white
      pixels.data()[i * 3 + color] =
          static_cast<std::uint8_t>(255 - (size > 0 ? size * (255 - (share < 0 ? below : above)[color]) : 0.0F));
  }
  return pixels;
}

}  // namespace detail

/// Samples of a set of images as pictures, by their numbers: bytes as they are, float so that those of these samples
/// reach from black to white. Throws OptionError when there is no such sample.
inline std::vector<Picture> pictures(const Dataset<3>& data, std::span<const Index> samples) {
  const Shape<3> extents = data.sample_shape();
  const auto n = static_cast<std::size_t>(extents.size());
  std::vector<float> values(n * samples.size());
  for (std::size_t s = 0; s < samples.size(); ++s) {
    data.check_sample("pictures", samples[s]);
    data.read_plain(samples[s], values.data() + s * n);
  }
  const detail::Tones tones = data.floats().empty() ? detail::Tones{} : detail::Tones::of(values);
  std::vector<Picture> all;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const Index i = samples[s];
    all.push_back({.pixels = detail::toned(std::span(values).subspan(s * n, n), extents, tones)});
    if (data.has_labels()) all.back().caption = data.class_name(data.labels()[static_cast<std::size_t>(i)]);
    all.back().detail = message("sample ", i);
  }
  return all;
}

}  // namespace lamina
