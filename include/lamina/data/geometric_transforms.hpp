#pragma once

#include <cmath>
#include <numbers>

#include "augmentation.hpp"

// These steps of an Augmentation move pixels. Each records its inverse: the source of what a point shows.
namespace LAMINA_NAMESPACE {

namespace detail {

inline constexpr double most_pixels = 1e4;  // the largest displacement

inline double radians(double degrees) { return degrees * (std::numbers::pi / 180); }

/// Returns a sine or cosine with the rounding of π removed, so that quarter turns are exact.
inline double snap(double value) { return std::abs(value) < 1e-15 ? 0 : value; }

}  // namespace detail

/// A step that sets the value outside the image for the geometric steps after it. The default is 0, the background of
/// digits. White paper needs BorderMode{.value = 1}.
struct BorderMode {
  double value = 0;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng) const {
    image.set_outside(value);
  }
};

/// A step that swaps left and right. Do not use it for digits and letters: see Augmentation.
struct HorizontalFlip {
  double probability = 0.5;

  template <typename T>
  void operator()(Canvas<T>& image, Rng) const {
    image.map({.xx = -1});
  }
};

/// A step that rotates about the centre, anticlockwise for positive angles.
struct Rotation {
  RandomRange degrees = 10;
  double probability = 1;

  void check() const { detail::check_range("Rotation", "degrees", degrees, -360, 360); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const double angle = detail::radians(degrees.draw(rng));
    const double c = detail::snap(std::cos(angle)), s = detail::snap(std::sin(angle));
    image.map({.yy = c, .yx = s, .xy = -s, .xx = c});
  }
};

/// A step that moves an image by so many pixels to the right (x) and down (y), including fractions. RandomCrop moves by
/// whole pixels.
struct Translation {
  RandomRange x = 5, y = 5;
  double probability = 1;

  void check() const {
    detail::check_range("Translation", "x", x, -detail::most_pixels, detail::most_pixels);
    detail::check_range("Translation", "y", y, -detail::most_pixels, detail::most_pixels);
  }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const double right = x.draw(rng), down = y.draw(rng);
    image.map({.y0 = -down, .x0 = -right});
  }
};

/// A step that pads an image with `padding` pixels of the outside's value and cuts a random window of the old size out
/// of it: He et al. 2015 on CIFAR-10. It moves by whole pixels and is therefore exact.
struct RandomCrop {
  Index padding = 4;
  double probability = 1;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const double down = static_cast<double>(rng.below(2 * padding + 1) - padding);
    const double right = static_cast<double>(rng.below(2 * padding + 1) - padding);
    image.map({.y0 = -down, .x0 = -right});
  }
};

/// A step that enlarges a random window of the image to the whole: Szegedy et al., "Going deeper with convolutions",
/// 2014. The window's share of the area is drawn uniformly, its aspect ratio (width ÷ height) log-uniformly. If it does
/// not fit, it is drawn again, up to ten times; then the image stays.
struct RandomResizedCrop {
  RandomRange area = {0.08, 1};
  RandomRange aspect = {3.0 / 4, 4.0 / 3};
  double probability = 1;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const RandomRange logarithm{std::log(aspect.low), std::log(aspect.high)};
    for (int attempt = 0; attempt < 10; ++attempt) {
      const double share = area.draw(rng), H = static_cast<double>(image.shape()[0]),
                   W = static_cast<double>(image.shape()[1]);
      const double ratio = std::exp(logarithm.draw(rng)) * H / W;
      const double height = std::sqrt(share / ratio), width = std::sqrt(share * ratio);  // of the image's own
      if (height > 1 || width > 1) continue;
      const double down = rng.uniform(), right = rng.uniform();
      // The window's centre, from the image's, is anywhere that keeps the window within the image.
      image.map(
          {.yy = height, .y0 = (down - 0.5) * (1 - height) * H, .xx = width, .x0 = (right - 0.5) * (1 - width) * W});
      return;
    }
  }
};

/// A step that enlarges (above 1) or shrinks an image about its centre.
struct Scaling {
  RandomRange factor = {0.9, 1.1};
  double probability = 1;

  void check() const { detail::check_range("Scaling", "factor", factor, 0.01, 100); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const double shrink = 1 / factor.draw(rng);
    image.map({.yy = shrink, .xx = shrink});
  }
};

/// A step that slants an image: vertical lines lean to the right by so many degrees, or to the left if negative.
struct Shear {
  RandomRange degrees = 10;
  double probability = 1;

  void check() const { detail::check_range("Shear", "degrees", degrees, -80, 80); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    image.map({.xy = std::tan(detail::radians(degrees.draw(rng)))});
  }
};

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/geometric_transforms.ipp"
#endif
