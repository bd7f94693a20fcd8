#pragma once

#include <cmath>
#include <numbers>

#include "augmentation.hpp"

// Steps of an Augmentation that move pixels. Each notes its inverse: where what is seen at a place came from.
namespace LAMINA_NAMESPACE {

namespace detail {

inline constexpr double most_pixels = 1e4;  // that something may be moved by

inline double radians(double degrees) { return degrees * (std::numbers::pi / 180); }

/// Sine or cosine of a quarter turn without π's rounding.
inline double snap(double value) { return std::abs(value) < 1e-15 ? 0 : value; }

}  // namespace detail

/// What geometric steps bring in from beyond the image's borders from here on: 0, the background of digits, unless this
/// says otherwise. Paper is white: Outside{.value = 1}.
struct Outside {
  double value = 0;

  void check() const;
  template <typename T>
  void operator()(Canvas<T>& image, Rng) const {
    image.set_outside(value);
  }
};

/// Left becomes right. Not for digits and letters: see Augmentation.
struct HorizontalFlip {
  double probability = 0.5;

  template <typename T>
  void operator()(Canvas<T>& image, Rng) const {
    image.map({.xx = -1});
  }
};

/// Turns about the centre, anticlockwise for positive angles.
struct Rotation {
  Range degrees = 10;
  double probability = 1;

  void check() const { detail::check_range("Rotation", "degrees", degrees, -360, 360); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const double angle = detail::radians(degrees.draw(rng));
    const double c = detail::snap(std::cos(angle)), s = detail::snap(std::sin(angle));
    image.map({.yy = c, .yx = s, .xy = -s, .xx = c});
  }
};

/// Moves by so many pixels to the right (x) and down (y), fractions included. RandomCrop moves by whole ones.
struct Translation {
  Range x = 5, y = 5;
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

/// Puts `padding` pixels of the outside's value around the image and cuts the old size out of it anywhere: He et al.
/// 2015 on CIFAR-10. A move by whole pixels, hence exact.
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

/// Makes what is seen larger (above 1) or smaller, about the centre.
struct Scaling {
  Range factor = {0.9, 1.1};
  double probability = 1;

  void check() const { detail::check_range("Scaling", "factor", factor, 0.01, 100); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    const double shrink = 1 / factor.draw(rng);
    image.map({.yy = shrink, .xx = shrink});
  }
};

/// Slants: what is upright leans to the right by so many degrees, or to the left.
struct Shear {
  Range degrees = 10;
  double probability = 1;

  void check() const { detail::check_range("Shear", "degrees", degrees, -80, 80); }
  template <typename T>
  void operator()(Canvas<T>& image, Rng rng) const {
    image.map({.xy = std::tan(detail::radians(degrees.draw(rng)))});
  }
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/geometric_steps.ipp"
#endif
