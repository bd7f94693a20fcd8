#pragma once

#include <string_view>
#include <type_traits>

#include "pool.hpp"

namespace LAMINA_NAMESPACE {

/// A Pool whose window is the whole image, whatever its height and width: it reduces every channel to one number.
/// It equals torch.nn.AdaptiveAvgPool2d(1) or AdaptiveMaxPool2d(1).
///
///   y[n,0,0,c] = reduce { x[n,h,w,c] : 0 ≤ h < H, 0 ≤ w < W }        x (N, H, W, C)    y (N, 1, 1, C)
///
/// There is one window, so the gradient is the one that Pool derives for a window. For the mean and for the maximum:
///
///   dx[n,h,w,c] = dy[n,0,0,c] / (H·W)        dx[n,h,w,c] = dy[n,0,0,c] at the maximum, else 0
template <typename Reduction>
struct GlobalPool {
  static constexpr bool averages = std::is_same_v<Reduction, detail::AveragePooling>;
  static constexpr std::string_view name = averages ? "GlobalAveragePool" : "GlobalMaxPool";

  template <typename>
  using Parameters = None;
  template <AnyTensor X>
  using Workspace = typename Pool<Reduction>::template Workspace<X>;

  /// Returns (N, 1, 1, C). Throws ShapeError for images without pixels.
  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    slide(in).check(averages ? "GlobalAveragePool" : "GlobalMaxPool", "window", in);
    return {{in[0], 1, 1, in[3]}};
  }

  template <typename T>
  None initialize(const Shape<4>&, Rng) const {
    return {};
  }

  template <typename T>
  void forward(const None& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>& y) const {
    pool(shape(x)).forward(p, x, ws, y);
  }

  template <typename T>
  void forward_inference(const None& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>& y) const {
    lamina::forward_inference(pool(shape(x)), p, x, ws, y);
  }

  template <typename T>
  void backward(const None& p, const Tensor<T, 4>& x, const Tensor<T, 4>& y, const Tensor<T, 4>& dy,
                Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>* dx, None& dp) const {
    pool(shape(x)).backward(p, x, y, dy, ws, dx, dp);
  }

  /// Returns the window for images of this shape.
  static constexpr detail::ConvGeometry slide(const Shape<4>& in) { return {Size2D(in[1], in[2]), Size2D(in[1], in[2]), 0}; }

 private:
  static constexpr Pool<Reduction> pool(const Shape<4>& in) { return {.window = Size2D(in[1], in[2])}; }
};

using GlobalAveragePool = GlobalPool<detail::AveragePooling>;
using GlobalMaxPool = GlobalPool<detail::MaxPooling>;

}  // namespace lamina
