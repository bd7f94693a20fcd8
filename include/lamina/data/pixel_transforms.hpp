#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "augmentation.hpp"
#include "quick_random.hpp"

// These steps of an Augmentation change the values of pixels. Numbers are in the data's own scale: bytes as 0 … 1.
namespace LAMINA_NAMESPACE {

/// A step that adds a normal number of mean 0 to every value; the deviation is drawn once per image. Results may leave 0
/// … 1, so that their mean stays; add Clamp{} after it to prevent that.
struct GaussianNoise {
  RandomRange deviation = {0, 10.0 / 255};
  double probability = 1;

  void check() const { detail::check_range("GaussianNoise", "deviation", deviation, 0, 1e6); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const T sigma = static_cast<T>(deviation.draw(rng));
    const auto pixels = image.pixels();
    detail::QuickRandom random(rng);
    for (std::size_t i = 0; i < pixels.size(); i += 2) {
      const auto [one, other] = random.normals();
      pixels[i] += sigma * one;
      if (i + 1 < pixels.size()) pixels[i + 1] += sigma * other;
    }
  }
};

/// A step that adds one number to all values of an image.
struct Brightness {
  RandomRange offset = 0.2;
  double probability = 1;

  void check() const { detail::check_range("Brightness", "offset", offset, -1e6, 1e6); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const T drawn = static_cast<T>(offset.draw(rng));
    for (T& value : image.pixels()) value += drawn;
  }
};

/// A step that multiplies the distance of each value from the image's mean.
struct Contrast {
  RandomRange factor = {0.8, 1.2};
  double probability = 1;

  void check() const { detail::check_range("Contrast", "factor", factor, 0, 1e6); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const T drawn = static_cast<T>(factor.draw(rng));
    const auto pixels = image.pixels();
    double sum = 0;
    for (const T value : pixels) sum += static_cast<double>(value);
    const T mean = static_cast<T>(sum / static_cast<double>(pixels.size()));
    for (T& value : pixels) value = mean + drawn * (value - mean);
  }
};

/// A step that limits values to `low` … `high`.
struct Clamp {
  double low = 0, high = 1;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng) const {
    for (T& value : image.pixels()) value = std::clamp(value, static_cast<T>(low), static_cast<T>(high));
  }
};

/// A step that paints over a random rectangle within the image. Its share of the area is drawn uniformly, its aspect
/// ratio (height ÷ width) log-uniformly. If it does not fit, it is drawn again, up to ten times. Zhong, Zheng, Kang, Li,
/// Yang, "Random erasing data augmentation", 2017.
struct RandomErasing {
  RandomRange area = {0.02, 0.2};
  RandomRange aspect = {0.3, 1 / 0.3};
  double value = 0;
  double probability = 0.5;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const auto [H, W, C] = image.shape();
    const RandomRange logarithm{std::log(aspect.low), std::log(aspect.high)};
    for (int attempt = 0; attempt < 10; ++attempt) {
      const double size = area.draw(rng) * static_cast<double>(H * W), ratio = std::exp(logarithm.draw(rng));
      const Index height = std::llround(std::sqrt(size * ratio)), width = std::llround(std::sqrt(size / ratio));
      if (height > H || width > W || height < 1 || width < 1) continue;
      const Index top = rng.below(H - height + 1), left = rng.below(W - width + 1);
      T* const pixels = image.pixels().data();
      for (Index h = top; h < top + height; ++h)
        std::fill_n(pixels + (h * W + left) * C, width * C, static_cast<T>(value));
      return;
    }
  }
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/pixel_transforms.ipp"
#endif
