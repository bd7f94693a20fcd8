#pragma once

#include <optional>

#include "../kernels/pools.hpp"
#include "conv_geometry.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

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
struct MaxPooling {
  static constexpr const char* pool_name = "MaxPool";

  /// The place of each window's winner in its window, r·S + s, with shape (N, P, Q, C).
  template <typename T>
  using Memory = Tensor<kernels::winner_t<T>, 4>;

  template <typename T>
  static void forward(const kernels::ConvShape& window, const T* x, T* y, kernels::winner_t<T>* winner) {
    kernels::pools<T>().max_pool_forward(window, x, y, winner);
  }
  template <typename T>
  static void backward(const kernels::ConvShape& window, const T* dy, const kernels::winner_t<T>* winner, T* dx) {
    kernels::pools<T>().max_pool_backward(window, dy, winner, dx);
  }
};

/// The reduction of a window to the mean of its n numbers, not counting padding.
///
///   y = Σᵢ xᵢ / n        ∂y/∂xᵢ = 1 / n        dxᵢ = dy / n
struct AveragePooling {
  static constexpr const char* pool_name = "AvgPool";

  template <typename T>
  static void forward(const kernels::ConvShape& window, const T* x, T* y) {
    kernels::pools<T>().average_pool_forward(window, x, y);
  }
  template <typename T>
  static void backward(const kernels::ConvShape& window, const T* dy, T* dx) {
    kernels::pools<T>().average_pool_backward(window, dy, dx);
  }
};

/// The stride of a pool: one number, {height, width}, or the window's size if it is not given.
struct PoolStride : std::optional<Size2D> {
  using std::optional<Size2D>::optional;
  constexpr PoolStride(std::integral auto h, std::integral auto w) : std::optional<Size2D>(Size2D(h, w)) {}
};

}  // namespace detail

/// A pool: it reduces every window of an image to one number, channel by channel.
///
///   y[n,p,q,c] = reduce { x[n, p·stride + r − padding, q·stride + s − padding, c] : 0 ≤ r < R, 0 ≤ s < S }
///
///   x (N, H, W, C)    y (N, P, Q, C)        P and Q as for a convolution
///
/// The stride is the window unless it is given. The padding is at most half the window, or Same{}. Windows may overlap; the
/// gradients of an element in several windows are added up. With `.ceil_mode` the last windows may reach beyond the padded image;
/// what is beyond does not count. With `.count_include_pad` an AvgPool averages over the window's part of the padded image.
template <typename Reduction>
struct Pool {
  Size2D window = 2;                  // R, S
  detail::PoolStride stride = std::nullopt;  // the window
  Padding padding = 0;
  bool ceil_mode = false;          // true: P and Q are rounded up
  bool count_include_pad = false;  // true: an average counts the zeros of the padding; a maximum never does

  static constexpr std::string_view name = Reduction::pool_name;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("window", self.window...);
    visitor("stride", self.stride...);
    visitor("padding", self.padding...);
    if (detail::shows_option<Self...>((self.ceil_mode || ...))) visitor("ceil_mode", self.ceil_mode...);
    if (detail::shows_option<Self...>((self.count_include_pad || ...))) visitor("count_include_pad", self.count_include_pad...);
  }

  template <typename>
  using Parameters = None;

  template <typename T>
  static constexpr bool remembers = requires { typename Reduction::template Memory<T>; };

  template <typename T, bool = remembers<T>>
  struct Record {
    Tensor<T, 4> part;  // of dy, where padding counts
  };
  template <typename T>
  struct Record<T, true> {
    typename Reduction::template Memory<T> winner;
  };
  template <AnyTensor X>
  using Workspace = Record<scalar_t<X>>;

  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    slide().check(Reduction::pool_name, "window", in);
    if (!padding.same && (2 * (std::max)(padding.top, padding.bottom) > window.height ||
                          2 * (std::max)(padding.left, padding.right) > window.width))
      throw ShapeError(str_cat(name, ": expects a padding of at most half its ", window, " window but got ", padding));
    return {{in[0], slide().rows(in[1]), slide().columns(in[2]), in[3]}};
  }

  template <typename T>
  None initialize(const Shape<4>&, Rng) const {
    return {};
  }

  template <typename T>
  void forward(const None&, const Tensor<T, 4>& x, Record<T>& ws, Tensor<T, 4>& y, const Context& context = {}) const {
    reshape(y, output_shape(shape(x)));
    if constexpr (remembers<T>) {
      reshape(ws.winner, shape(y));
      each_images(x, context, [&](const kernels::ConvShape& own, Index in, Index out) {
        Reduction::forward(own, x.data() + in, y.data() + out, ws.winner.data() + out);
      });
    } else {
      const auto extents = slide().extents(shape(x), x.dimension(3));
      Reduction::forward(extents, x.data(), y.data());
      if (!count_include_pad) return;
      each_partial(extents, [&](Index at, double ratio) {
        for (Index c = 0; c < extents.C; ++c) y.data()[at + c] *= static_cast<T>(ratio);
      });
    }
  }

  /// Computes y without recording the winners.
  template <typename T>
  void forward_inference(const None& p, const Tensor<T, 4>& x, Record<T>& ws, Tensor<T, 4>& y) const {
    if constexpr (remembers<T>) {
      reshape(y, output_shape(shape(x)));
      Reduction::forward(slide().extents(shape(x), x.dimension(3)), x.data(), y.data(), nullptr);
    } else {
      forward(p, x, ws, y);
    }
  }

  /// Computes dx. A number may be in several windows. With the derivative of one window,
  ///
  ///   dx[n,h,w,c] = Σ_{p,q,r,s} dy[n,p,q,c]·∂y[n,p,q,c]/∂x[n,h,w,c]        over p·stride + r − padding = h,
  ///                                                                             q·stride + s − padding = w
  template <typename T>
  void backward(const None&, const Tensor<T, 4>& x, const Tensor<T, 4>& /*y*/, const Tensor<T, 4>& dy, Record<T>& ws,
                Tensor<T, 4>* dx, None&, const Context& context = {}) const {
    if (!dx) return;
    reshape(dx, shape(x));
    if constexpr (remembers<T>)
      each_images(x, context, [&](const kernels::ConvShape& own, Index in, Index out) {
        Reduction::backward(own, dy.data() + out, std::as_const(ws.winner).data() + out, dx->data() + in);
      });
    else
      average_backward(slide().extents(shape(x), x.dimension(3)), dy, ws, dx->data());
  }

  constexpr detail::ConvGeometry slide() const { return {window, stride.value_or(window), padding, 1, ceil_mode}; }

 private:
  /// Calls visit(extents, first number of x, first number of y) for parts of the images, on the context's threads.
  template <typename T, typename Visit>
  void each_images(const Tensor<T, 4>& x, const Context& context, const Visit& visit) const {
    const auto all = slide().extents(shape(x), x.dimension(3));
    detail::share_range(context.thread_pool, all.N, x.size(), [&](Index first, Index last) {
      auto own = all;
      own.N = last - first;
      visit(own, first * (all.H * all.W * all.C), first * (all.P * all.Q * all.C));
    });
  }

  template <typename T>
  void average_backward(const kernels::ConvShape& extents, const Tensor<T, 4>& dy, Record<T>& ws, T* dx) const {
    if (!count_include_pad) return Reduction::backward(extents, dy.data(), dx);
    ws.part = dy;
    each_partial(extents, [&](Index at, double ratio) {
      for (Index c = 0; c < extents.C; ++c) ws.part.data()[at + c] *= static_cast<T>(ratio);
    });
    Reduction::backward(extents, std::as_const(ws.part).data(), dx);
  }

  /// Calls visit(offset of the numbers of window (p, q), ratio) for windows that see less of an image than they count: the ratio
  /// of what they see to what they count, the window's part of the padded image.
  template <typename Visit>
  void each_partial(const kernels::ConvShape& g, const Visit& visit) const {
    const Padding own = slide().padding_of(g.H, g.W);
    const auto seen = [](Index at, Index size, Index extent) { return (std::min)(at + size, extent) - (std::max)(at, Index{0}); };
    for (Index p = 0; p < g.P; ++p)
      for (Index q = 0; q < g.Q; ++q) {
        const Index h = p * g.stride_h - g.padding_h, w = q * g.stride_w - g.padding_w;
        const Index sees = seen(h, g.R, g.H) * seen(w, g.S, g.W);
        const Index counts = ((std::min)(h + g.R, g.H + own.bottom) - h) * ((std::min)(w + g.S, g.W + own.right) - w);
        if (sees == counts) continue;
        for (Index n = 0; n < g.N; ++n)
          visit(((n * g.P + p) * g.Q + q) * g.C, static_cast<double>(sees) / static_cast<double>(counts));
      }
  }
};

using MaxPool = Pool<detail::MaxPooling>;
using AvgPool = Pool<detail::AveragePooling>;

}  // namespace lamina
