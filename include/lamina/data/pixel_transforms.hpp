#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "augmentation.hpp"
#include "quick_random.hpp"

// These steps of an Augmentation change the values of pixels. Numbers are in the data's own scale: bytes as 0 … 1.
namespace LAMINA_NAMESPACE {

/// A step that adds a normal number of mean 0 to every value; the deviation is drawn once per image. Results may leave
/// 0 … 1, so that their mean stays; add Clamp{} after it to prevent that.
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
      pixels[i] += sigma * static_cast<T>(one);
      if (i + 1 < pixels.size()) pixels[i + 1] += sigma * static_cast<T>(other);
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

/// A step that changes a picture's colours as light and cameras do, in this order: multiplies all values (brightness),
/// multiplies the distance from the mean grey (contrast) and from each pixel's own grey (saturation), and turns the hue
/// by a part of a full turn, −0.5 … 0.5. Results are limited to 0 … 1. Grey is 0.299·R + 0.587·G + 0.114·B. Images that
/// do not have three channels have no saturation and no hue: these two do nothing.
struct ColorJitter {
  RandomRange brightness = {0.8, 1.2};
  RandomRange contrast = {0.8, 1.2};
  RandomRange saturation = {0.8, 1.2};
  RandomRange hue = 0.0;
  double probability = 1;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const T light = static_cast<T>(brightness.draw(rng)), steep = static_cast<T>(contrast.draw(rng));
    const T colourful = static_cast<T>(saturation.draw(rng)), turn = static_cast<T>(hue.draw(rng));
    const auto pixels = image.pixels();
    const bool coloured = image.shape()[2] == 3;
    const std::size_t step = coloured ? 3 : 1;
    const auto limited = [](T value) { return std::clamp(value, T(0), T(1)); };
    const auto grey = [&](const T* pixel) {
      return coloured ? T(0.299) * pixel[0] + T(0.587) * pixel[1] + T(0.114) * pixel[2] : pixel[0];
    };
    double sum = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = limited(light * pixels[i]);
    for (std::size_t i = 0; i < pixels.size(); i += step) sum += static_cast<double>(grey(pixels.data() + i));
    const T mean = static_cast<T>(sum * static_cast<double>(step) / static_cast<double>(pixels.size()));
    for (T& value : pixels) value = limited(mean + steep * (value - mean));
    if (!coloured) return;
    for (std::size_t i = 0; i < pixels.size(); i += 3) {
      T* const pixel = pixels.data() + i;
      const T own = grey(pixel);
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = limited(own + colourful * (pixel[c] - own));
      if (turn != 0) turn_hue(pixel, turn);
    }
  }

 private:
  /// Turns the hue of a pixel (R, G, B) by `turn` full turns and keeps its largest and its smallest value.
  template <typename T>
  static void turn_hue(T* pixel, T turn) {
    const T most = (std::max)({pixel[0], pixel[1], pixel[2]}), least = (std::min)({pixel[0], pixel[1], pixel[2]});
    const T range = most - least;
    if (range <= 0) return;
    const T sector = most == pixel[0]   ? (pixel[1] - pixel[2]) / range
                     : most == pixel[1] ? 2 + (pixel[2] - pixel[0]) / range
                                        : 4 + (pixel[0] - pixel[1]) / range;
    const T turned = sector + 6 * turn + 12;
    for (int c = 0; c < 3; ++c) {  // red is at 0, green at 2, blue at 4 sixths of a turn
      const T away = std::fmod(turned + static_cast<T>(6 - 2 * c), T(6));
      pixel[c] = least + range * std::clamp(std::abs(away - 3) - 1, T(0), T(1));
    }
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

/// The numbers that RandomErasing paints with: its `value`, or one drawn for each channel, or for each value.
enum class RandomFill : unsigned char { none, per_channel, per_value };

/// A step that paints over a random rectangle within the image. Its share of the area is drawn uniformly, its aspect
/// ratio (height ÷ width) log-uniformly. If it does not fit, it is drawn again, up to ten times. Zhong, Zheng, Kang,
/// Li, Yang, "Random erasing data augmentation", 2017. It paints with `value`, or with a number of 0 … 1 that is drawn
/// for each channel, or for each value.
struct RandomErasing {
  RandomRange area = {0.02, 0.2};
  RandomRange aspect = {0.3, 1 / 0.3};
  double value = 0;
  RandomFill random = RandomFill::none;
  double probability = 0.5;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const Index H = image.shape()[0], W = image.shape()[1], C = image.shape()[2];
    const RandomRange logarithm{std::log(aspect.low), std::log(aspect.high)};
    for (int attempt = 0; attempt < 10; ++attempt) {
      const double size = area.draw(rng) * static_cast<double>(H * W), ratio = std::exp(logarithm.draw(rng));
      const Index height = std::llround(std::sqrt(size * ratio)), width = std::llround(std::sqrt(size / ratio));
      if (height > H || width > W || height < 1 || width < 1) continue;
      const Index top = rng.below(H - height + 1), left = rng.below(W - width + 1);
      T* const pixels = image.pixels().data();
      const auto paint = [&](Index c, auto next) {  // values c, c + C, … of the rectangle
        for (Index h = top; h < top + height; ++h)
          for (Index w = left; w < left + width; ++w) pixels[(h * W + w) * C + c] = static_cast<T>(next());
      };
      for (Index c = 0; c < C; ++c) {
        const double drawn = random == RandomFill::per_channel ? rng.uniform() : value;
        if (random == RandomFill::per_value)
          paint(c, [&] { return rng.uniform(); });
        else
          paint(c, [&] { return drawn; });
      }
      return;
    }
  }
};

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/pixel_transforms.ipp"
#endif
