#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// A map that sends a point (y, x) of an image, in pixels from the image's centre with y downwards, to
///
///   y′ = yy · y + yx · x + y0
///   x′ = xy · y + xx · x + x0
struct AffineMap {
  double yy = 1, yx = 0, y0 = 0;
  double xy = 0, xx = 1, x0 = 0;

  /// Returns the map that applies b first, then a.
  friend constexpr AffineMap operator*(const AffineMap& a, const AffineMap& b) {
    return {.yy = a.yy * b.yy + a.yx * b.xy,
            .yx = a.yy * b.yx + a.yx * b.xx,
            .y0 = a.yy * b.y0 + a.yx * b.x0 + a.y0,
            .xy = a.xy * b.yy + a.xx * b.xy,
            .xx = a.xy * b.yx + a.xx * b.xx,
            .x0 = a.xy * b.y0 + a.xx * b.x0 + a.x0};
  }
};

namespace detail {

/// Scratch memory that images on a canvas use one after another; it only grows.
template <typename T>
struct CanvasRoom {
  std::vector<T> framed;      // the image with a frame of the outside's value
  std::vector<T> dy, dx;      // (H, W): displacement of each pixel
  std::vector<T> spare, row;  // scratch memory to compute them
  std::vector<T> partner;     // a sample that is mixed into another, and its targets

  /// Returns room for `size` numbers in one of these vectors; their values are unspecified.
  static T* take(std::vector<T>& numbers, Index size) {
    if (std::ssize(numbers) < size) numbers.resize(static_cast<std::size_t>(size));
    return numbers.data();
  }
};

}  // namespace detail

/// An image (H, W, C) that augmentation changes. Geometric steps only record a map. The image is resampled once, when its
/// pixels are next read, however many steps there were. Interpolation is bilinear. Outside the image there is one value,
/// by default 0. Numbers are in the data's own scale, bytes as 0 … 1.
template <std::floating_point T>
class Canvas {
 public:
  Canvas(T* pixels, const Shape<3>& shape, detail::CanvasRoom<T>& room) : pixels_(pixels), shape_(shape), room_(&room) {}

  const Shape<3>& shape() const { return shape_; }

  /// Returns the current pixels, row by row, (H, W, C).
  std::span<T> pixels() {
    settle();
    return {pixels_, static_cast<std::size_t>(shape_.size())};
  }

  /// Moves the image: each point now shows what was at `source` of that point. `source` is the inverse of the visible motion.
  void map(const AffineMap& source) {
    source_ = source_ * source;
    moved_ = true;
  }

  /// Moves each pixel: it now shows what was dy pixels further down and dx further right; both are (H, W).
  void displace(const T* dy, const T* dx) { resample(dy, dx); }

  /// Sets the value outside the image for later steps.
  void set_outside(double value) {
    settle();
    outside_ = static_cast<T>(value);
  }

  /// Returns scratch memory for steps that change this image. `framed` belongs to the canvas.
  detail::CanvasRoom<T>& room() { return *room_; }

 private:
  static constexpr Index before = 1, after = 2;  // width of the frame; between its pixels everything has the outside's value
  static constexpr Index piece = 16;             // pixels whose sources are computed at a time

  void settle() {
    if (moved_) resample(nullptr, nullptr);
  }

  /// Computes pixels ← image at source(point + displacement).
  void resample(const T* dy, const T* dx) {
    const auto [H, W, C] = shape_;
    const T* framed = frame();
    const double middle_y = 0.5 * static_cast<double>(H - 1), middle_x = 0.5 * static_cast<double>(W - 1);
    for (Index h = 0; h < H; ++h) {
      const double y = static_cast<double>(h) - middle_y;  // and x = −middle_x, where the row begins
      const T row_y = static_cast<T>(source_.yy * y - source_.yx * middle_x + source_.y0 + middle_y + before);
      const T row_x = static_cast<T>(source_.xy * y - source_.xx * middle_x + source_.x0 + middle_x + before);
      for (Index w = 0; w < W; w += piece) {
        const Index n = (std::min)(piece, W - w);
        find(row_y, row_x, w, dy ? dy + h * W + w : nullptr, dx ? dx + h * W + w : nullptr, n);
        T* const out = pixels_ + (h * W + w) * C;
        if (C == 1)
          fetch<1>(framed, n, out);
        else
          fetch<0>(framed, n, out);
      }
    }
    source_ = {};
    moved_ = false;
  }

  /// Computes the sources, in the framed image, of `piece` pixels of a row from pixel w on. It always computes a whole
  /// piece, in registers; dy and dx have n numbers.
  void find(T row_y, T row_x, Index w, const T* dy, const T* dx, Index n) {
    const T last_y = static_cast<T>(shape_[0] + before), last_x = static_cast<T>(shape_[1] + before);
    const T yy = static_cast<T>(source_.yy), yx = static_cast<T>(source_.yx);
    const T xy = static_cast<T>(source_.xy), xx = static_cast<T>(source_.xx);
    const T first = static_cast<T>(w);
    for (int i = 0; i < piece; ++i) {
      y_[i] = row_y + yx * (first + static_cast<T>(i));
      x_[i] = row_x + xx * (first + static_cast<T>(i));
    }
    if (dy)
      for (Index i = 0; i < n; ++i) {
        y_[i] += yy * dy[i] + yx * dx[i];
        x_[i] += xy * dy[i] + xx * dx[i];
      }
    for (int i = 0; i < piece; ++i) {
      y_[i] = y_[i] < T(0) ? T(0) : y_[i];
      x_[i] = x_[i] < T(0) ? T(0) : x_[i];
      y_[i] = y_[i] > last_y ? last_y : y_[i];
      x_[i] = x_[i] > last_x ? last_x : x_[i];
      top_[i] = static_cast<int>(y_[i]);
      left_[i] = static_cast<int>(x_[i]);
      y_[i] -= static_cast<T>(top_[i]);
      x_[i] -= static_cast<T>(left_[i]);
    }
  }

  /// Writes n interpolated pixels to out. `Channels` is their number if it is known, which is faster, or 0. It computes
  /// (1 − f) · a + f · b as a + f · (b − a), which is exactly a for f = 0.
  template <Index Channels>
  void fetch(const T* framed, Index n, T* out) const {
    const Index C = Channels > 0 ? Channels : shape_[2], stride = (shape_[1] + before + after) * C;
    for (Index i = 0; i < n; ++i) {
      const T* above = framed + top_[i] * stride + left_[i] * C;
      const T* below = above + stride;
      for (Index c = 0; c < C; ++c) {
        const T upper = above[c] + x_[i] * (above[C + c] - above[c]);
        const T lower = below[c] + x_[i] * (below[C + c] - below[c]);
        *out++ = upper + y_[i] * (lower - upper);
      }
    }
  }

  /// Copies the image into a frame of the outside's value. Returns the frame.
  const T* frame() {
    const auto [H, W, C] = shape_;
    const Index width = (W + before + after) * C;
    T* const framed = room_->take(room_->framed, (H + before + after) * width);
    std::fill_n(framed, before * width, outside_);
    for (Index h = 0; h < H; ++h) {
      T* row = framed + (before + h) * width;
      std::fill_n(row, before * C, outside_);
      std::copy_n(pixels_ + h * W * C, W * C, row + before * C);
      std::fill_n(row + (before + W) * C, after * C, outside_);
    }
    std::fill_n(framed + (before + H) * width, after * width, outside_);
    return framed;
  }

  T* pixels_;
  Shape<3> shape_;
  detail::CanvasRoom<T>* room_;
  AffineMap source_;
  T outside_ = 0;
  bool moved_ = false;
  T y_[piece], x_[piece];  // sources of a piece of a row: between which pixels, …
  int top_[piece], left_[piece];
};

}  // namespace lamina
