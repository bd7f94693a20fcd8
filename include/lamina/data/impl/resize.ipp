#pragma once

#include "../resize.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<ResizeTaps> resize_taps(Index in, Index out) {
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  std::vector<ResizeTaps> taps;
  for (Index o = 0; o < out; ++o) {
    if (out < in) {
      const double begin = static_cast<double>(o) * scale, end = static_cast<double>(o + 1) * scale;
      const Index first = static_cast<Index>(begin), last = (std::min)(static_cast<Index>(std::ceil(end)), in);
      ResizeTaps& mean = taps.emplace_back(ResizeTaps{first, {}});
      for (Index i = first; i < last; ++i)
        mean.weights.push_back(static_cast<float>(
            ((std::min)(static_cast<double>(i + 1), end) - (std::max)(static_cast<double>(i), begin)) / scale));
    } else {
      const double place = std::clamp((static_cast<double>(o) + 0.5) * scale - 0.5, 0.0, static_cast<double>(in - 1));
      const Index first = (std::min)(static_cast<Index>(place), (std::max<Index>)(in - 2, 0));
      const float f = static_cast<float>(place - static_cast<double>(first));
      taps.push_back(in == 1 ? ResizeTaps{0, {1}} : ResizeTaps{first, {1 - f, f}});
    }
  }
  return taps;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Tensor<std::uint8_t, 3> resize_image(const Tensor<std::uint8_t, 3>& image, const Shape<2>& size) {
  const auto [H, W, C] = shape(image);
  const auto [height, width] = size;
  if (height < 1 || width < 1) throw OptionError(str_cat("resize_image: expects a size of at least 1 × 1 but got ", size));
  if (image.size() < 1) throw ShapeError(str_cat("resize_image: expects pixels (H, W, C) but got ", shape(image)));
  if (height == H && width == W) return image;
  const auto across = detail::resize_taps(W, width), down = detail::resize_taps(H, height);
  Tensor<std::uint8_t, 3> result(height, width, C);
  std::vector<float> rows(static_cast<std::size_t>(width * C)), line(rows.size());
  for (Index h = 0; h < height; ++h) {
    std::fill(rows.begin(), rows.end(), 0.0F);
    const detail::ResizeTaps& vertical = down[static_cast<std::size_t>(h)];
    for (std::size_t k = 0; k < vertical.weights.size(); ++k) {
      const std::uint8_t* from = image.data() + (vertical.first + static_cast<Index>(k)) * W * C;
      std::fill(line.begin(), line.end(), 0.0F);
      float* out = line.data();
      for (const detail::ResizeTaps& horizontal : across) {
        const std::uint8_t* pixel = from + horizontal.first * C;
        for (const float weight : horizontal.weights)
          for (Index c = 0; c < C; ++c) out[c] += weight * static_cast<float>(*pixel++);
        out += C;
      }
      for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += vertical.weights[k] * line[i];
    }
    std::transform(rows.begin(), rows.end(), result.data() + h * width * C,
                   [](float value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F)); });
  }
  return result;
}

}  // namespace lamina
