#pragma once

#include "../pictures.hpp"

#include <cmath>
#include <limits>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Tones Tones::of(std::span<const float> values) {
  Tones tones{(std::numeric_limits<float>::max)(), std::numeric_limits<float>::lowest()};
  for (const float value : values)
    if (std::isfinite(value)) tones.low = (std::min)(tones.low, value), tones.high = (std::max)(tones.high, value);
  if (tones.low > tones.high) return {};
  if (!(tones.high > tones.low)) tones.high = tones.low + (std::max)(std::abs(tones.low), 1e-30F);
  return tones;
}

LAMINA_FUNC Tensor<std::uint8_t, 3> toned(std::span<const float> values, const Shape<3>& extents, const Tones& tones,
                                          Index longest) {
  const auto [H, W, C] = extents;
  const Index scale = ((std::max)(H, W) + longest - 1) / longest, colors = C == 3 ? 3 : 1, mixed = C == 3 ? 1 : C;
  Tensor<std::uint8_t, 3> pixels((H + scale - 1) / scale, (W + scale - 1) / scale, colors);
  for (Index h = 0; h < pixels.dimension(0); ++h)
    for (Index w = 0; w < pixels.dimension(1); ++w)
      for (Index color = 0; color < colors; ++color) {
        double sum = 0, count = 0;
        for (Index y = h * scale; y < (std::min)((h + 1) * scale, H); ++y)
          for (Index x = w * scale; x < (std::min)((w + 1) * scale, W); ++x)
            for (Index c = color; c < color + mixed; ++c, ++count)
              sum += static_cast<double>(values[static_cast<std::size_t>((y * W + x) * C + c)]);
        pixels(h, w, color) = tones(static_cast<float>(sum / count));
      }
  return pixels;
}

LAMINA_FUNC Tensor<std::uint8_t, 3> weights_picture(std::span<const float> values, const Shape<3>& extents,
                                                    float reach) {
  const auto [H, W, C] = extents;
  if (C == 3) return toned(values, extents, {-reach, reach});
  Tensor<std::uint8_t, 3> pixels(H, W, Index{3});
  for (Index i = 0; i < H * W; ++i) {
    float sum = 0;
    for (Index c = 0; c < C; ++c) sum += values[static_cast<std::size_t>(i * C + c)];
    const float share = sum / static_cast<float>(C) / reach, size = (std::min)(std::abs(share), 1.0F);
    constexpr float below[] = {29, 95, 168}, above[] = {194, 65, 12};
    for (Index color = 0; color < 3; ++color)  // NaN stays white
      pixels.data()[i * 3 + color] =
          static_cast<std::uint8_t>(255 - (size > 0 ? size * (255 - (share < 0 ? below : above)[color]) : 0.0F));
  }
  return pixels;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<Picture> pictures(const Dataset<3>& data, std::span<const Index> samples) {
  const Shape<3> extents = data.sample_shape();
  const auto n = static_cast<std::size_t>(extents.size());
  std::vector<float> values(n * samples.size());
  for (std::size_t s = 0; s < samples.size(); ++s) {
    data.check_sample("pictures", samples[s]);
    data.read_plain(samples[s], values.data() + s * n);
  }
  const detail::Tones tones = data.holds_bytes() ? detail::Tones{} : detail::Tones::of(values);
  std::vector<Picture> all;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const Index i = samples[s];
    all.push_back({.pixels = detail::toned(std::span(values).subspan(s * n, n), extents, tones)});
    if (data.has_labels()) all.back().caption = data.class_name(data.labels()[static_cast<std::size_t>(i)]);
    all.back().detail = str_cat("sample ", i);
  }
  return all;
}

}  // namespace lamina
