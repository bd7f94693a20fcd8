#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// Where a place (y, x) of an image goes, in pixels from the image's centre, y downwards:
///
///   y′ = yy · y + yx · x + y0
///   x′ = xy · y + xx · x + x0
struct AffineMap {
  double yy = 1, yx = 0, y0 = 0;
  double xy = 0, xx = 1, x0 = 0;

  /// First b, then a.
  friend constexpr AffineMap operator*(const AffineMap& a, const AffineMap& b) {
    return {.yy = a.yy * b.yy + a.yx * b.xy,
            .yx = a.yy * b.yx + a.yx * b.xx,
            .y0 = a.yy * b.y0 + a.yx * b.x0 + a.y0,
            .xy = a.xy * b.yy + a.xx * b.xy,
            .xx = a.xy * b.yx + a.xx * b.xx,
            .x0 = a.xy * b.y0 + a.xx * b.x0 + a.x0};
  }
};

/// Memory that images on a canvas share, one after another; it only grows.
template <typename T>
struct CanvasRoom {
  std::vector<T> framed;      // the image with a frame of what lies outside
  std::vector<T> dy, dx;      // (H, W): how far each pixel is moved
  std::vector<T> spare, row;  // for whoever fills those

  /// The first `size` numbers of one of these, unspecified.
  static T* take(std::vector<T>& numbers, Index size) {
    if (std::ssize(numbers) < size) numbers.resize(static_cast<std::size_t>(size));
    return numbers.data();
  }
};

/// One image (H, W, C) while it is changed. Geometric steps only note where pixels come from; the image is resampled
/// once, when its pixels are next asked for, however many of them there were. Between pixels it is bilinear, and
/// outside it has one value, 0 unless told otherwise. Numbers are in the data's own scale, bytes as 0 … 1.
template <std::floating_point T>
class Canvas {
 public:
  Canvas(T* pixels, const Shape<3>& shape, CanvasRoom<T>& room) : pixels_(pixels), shape_(shape), room_(&room) {}

  const Shape<3>& shape() const { return shape_; }

  /// The pixels as they are now, row by row, (H, W, C).
  std::span<T> pixels() {
    settle();
    return {pixels_, static_cast<std::size_t>(shape_.size())};
  }

  /// What the image shows at a place from now on is what it showed at `source` of that place: the inverse of how it
  /// seems to move.
  void map(const AffineMap& source) {
    source_ = source_ * source;
    moved_ = true;
  }

  /// From now on a pixel shows what was dy and dx pixels further down and right; both are (H, W).
  void displace(const T* dy, const T* dx) { resample(dy, dx); }

  /// What the image shows beyond its borders from now on.
  void set_outside(double value) {
    settle();
    outside_ = static_cast<T>(value);
  }

  /// Memory for whoever changes this image. `framed` is the canvas's own.
  CanvasRoom<T>& room() { return *room_; }

 private:
  static constexpr Index before = 1, after = 2;  // so wide is the frame; between its pixels all has the outside's value
  static constexpr Index piece = 16;             // pixels whose places are computed at a time

  void settle() {
    if (moved_) resample(nullptr, nullptr);
  }

  /// pixels ← image at source(place + displacement)
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

  /// Where `piece` pixels of a row, from the one numbered w, come from in the framed image. Whole pieces are computed,
  /// in registers; of displacements there are n.
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

  /// n pixels from there. `Channels` when it is known, which is faster, or 0. Writes (1 − f) · a + f · b as
  /// a + f · (b − a): exactly a for f = 0.
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

  /// A copy of the image in a frame of the outside's value.
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
  CanvasRoom<T>* room_;
  AffineMap source_;
  T outside_ = 0;
  bool moved_ = false;
  T y_[piece], x_[piece];  // of a piece of a row: between which pixels, …
  int top_[piece], left_[piece];
};

}  // namespace lamina
