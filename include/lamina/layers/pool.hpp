#pragma once

#include <optional>

#include "../kernels/pools.hpp"
#include "layer.hpp"
#include "window.hpp"

namespace LAMINA_NAMESPACE {

/// The reduction of a window to its largest number. Of equal ones, the first, row by row, is the winner.
///
///   y = x[winner]
///
/// Every other number of the window may change a little without changing y:
///
///   ∂y/∂x[i] = [i = winner]        dx[i] = dy·[i = winner]
///
/// If the largest number occurs twice, there is no derivative; the winner gets all of dy. Padding never wins. A window
/// with a NaN gives NaN.
struct Max {
  static constexpr const char* pool_name = "MaxPool";

  /// The place of each window's winner in its window, r·S + s, with shape (N, P, Q, C).
  template <typename T>
  using Memory = Tensor<kernels::winner_t<T>, 4>;

  template <typename T>
  static void forward(const kernels::Window& window, const T* x, T* y, kernels::winner_t<T>* winner) {
    kernels::pools<T>().max_pool_forward(window, x, y, winner);
  }
  template <typename T>
  static void backward(const kernels::Window& window, const T* dy, const kernels::winner_t<T>* winner, T* dx) {
    kernels::pools<T>().max_pool_backward(window, dy, winner, dx);
  }
};

/// The reduction of a window to the mean of its n numbers, not counting padding.
///
///   y = Σᵢ xᵢ / n        ∂y/∂xᵢ = 1 / n        dxᵢ = dy / n
struct Average {
  static constexpr const char* pool_name = "AvgPool";

  template <typename T>
  static void forward(const kernels::Window& window, const T* x, T* y) {
    kernels::pools<T>().average_pool_forward(window, x, y);
  }
  template <typename T>
  static void backward(const kernels::Window& window, const T* dy, T* dx) {
    kernels::pools<T>().average_pool_backward(window, dy, dx);
  }
};

/// The stride of a pool: one number, {height, width}, or the window's size if it is not given.
struct PoolStride : std::optional<Size> {
  using std::optional<Size>::optional;
  constexpr PoolStride(std::integral auto h, std::integral auto w) : std::optional<Size>(Size(h, w)) {}
};

/// A pool: it reduces every window of an image to one number, channel by channel.
///
///   y[n,p,q,c] = reduce { x[n, p·stride + r − padding, q·stride + s − padding, c] : 0 ≤ r < R, 0 ≤ s < S }
///
///   x (N, H, W, C)    y (N, P, Q, C)        P and Q as for a convolution
///
/// The stride is the window unless it is given; the padding is at most half the window. Windows may overlap: the
/// gradients of a number that is in several windows add up.
template <typename Reduction>
struct Pool {
  Size window = 2;                    // R, S
  PoolStride stride = std::nullopt;  // the window
  Size padding = 0;

  static constexpr std::string_view name = Reduction::pool_name;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("window", self.window...);
    visitor("stride", self.stride...);
    visitor("padding", self.padding...);
  }

  template <typename>
  using Parameters = None;

  template <typename T>
  static constexpr bool remembers = requires { typename Reduction::template Memory<T>; };

  template <typename T, bool = remembers<T>>
  struct Record {};
  template <typename T>
  struct Record<T, true> {
    typename Reduction::template Memory<T> winner;
  };
  template <AnyTensor X>
  using Workspace = Record<scalar_t<X>>;

  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    slide().check(Reduction::pool_name, "window", in);
    if (2 * padding.height > window.height || 2 * padding.width > window.width)
      throw ShapeError(message(name, ": expects a padding of at most half its ", window, " window but got ", padding));
    return {{in[0], slide().rows(in[1]), slide().columns(in[2]), in[3]}};
  }

  template <typename T>
  None initialize(const Shape<4>&, Rng) const {
    return {};
  }

  template <typename T>
  void forward(const None&, const Tensor<T, 4>& x, Record<T>& ws, Tensor<T, 4>& y) const {
    reshape(y, output_shape(shape(x)));
    if constexpr (remembers<T>) {
      reshape(ws.winner, shape(y));
      Reduction::forward(slide().extents(shape(x), x.dimension(3)), x.data(), y.data(), ws.winner.data());
    } else {
      Reduction::forward(slide().extents(shape(x), x.dimension(3)), x.data(), y.data());
    }
  }

  /// Computes y without recording the winners.
  template <typename T>
    requires remembers<T>
  void infer(const None&, const Tensor<T, 4>& x, Record<T>&, Tensor<T, 4>& y) const {
    reshape(y, output_shape(shape(x)));
    Reduction::forward(slide().extents(shape(x), x.dimension(3)), x.data(), y.data(), nullptr);
  }

  /// Computes dx. A number may be in several windows. With the derivative of one window,
  ///
  ///   dx[n,h,w,c] = Σ_{p,q,r,s} dy[n,p,q,c]·∂y[n,p,q,c]/∂x[n,h,w,c]        over p·stride + r − padding = h,
  ///                                                                             q·stride + s − padding = w
  template <typename T>
  void backward(const None&, const Tensor<T, 4>& x, const Tensor<T, 4>& /*y*/, const Tensor<T, 4>& dy, Record<T>& ws,
                Tensor<T, 4>* dx, None&) const {
    if (!dx) return;
    reshape(dx, shape(x));
    const auto extents = slide().extents(shape(x), x.dimension(3));
    if constexpr (remembers<T>)
      Reduction::backward(extents, dy.data(), std::as_const(ws.winner).data(), dx->data());
    else
      Reduction::backward(extents, dy.data(), dx->data());
  }

  constexpr Slide slide() const { return {window, stride.value_or(window), padding}; }
};

using MaxPool = Pool<Max>;
using AvgPool = Pool<Average>;

}  // namespace lamina
