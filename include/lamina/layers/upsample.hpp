#pragma once

#include <algorithm>

#include "conv_geometry.hpp"
#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A layer that makes images larger by whole factors. torch.nn.Upsample, with mode="nearest" or with mode="bilinear" and
/// align_corners=False; Keras's UpSampling2D; ONNX's Resize, asymmetric and rounded down, or half_pixel.
///
///   y[n,p,q,c] = Σ_{h,w} a[p,h]·b[q,w]·x[n,h,w,c]
///
///   x (N, H, W, C)    y (N, H·s, W·t, C)    s, t = scale_factor
///
/// Row p of y takes row h = ⌊p / s⌋ of x with the weight a[p,h] = 1; its other weights are 0. If bilinear, its place among the rows
/// of x is u, the centres of both images' pixels taken as their places, and it takes the rows around u:
///
///   u = max((p + ½) / s − ½, 0)    h = ⌊u⌋    a[p,h] = 1 − (u − h)    a[p,h+1] = u − h
///
/// Row H, below the last one, stands for row H − 1. The columns have b[q,w] likewise, with t. y is linear in x, so dx is the
/// transposed sum:
///
///   dx[n,h,w,c] = Σ_{p,q} a[p,h]·b[q,w]·dy[n,p,q,c]
struct Upsample {
  Size2D scale_factor = 2;
  bool bilinear = false;

  static constexpr std::string_view name = "Upsample";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("scale_factor", self.scale_factor...);
    if (detail::shows_option<Self...>((self.bilinear || ...))) visitor("bilinear", self.bilinear...);
  }

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  /// Throws ShapeError unless the factors are from 1 to 2^16 and the larger images can be counted.
  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    const auto [s, t] = scale_factor;
    constexpr Index most = Index{1} << 16;
    if (s < 1 || t < 1 || s > most || t > most)
      throw ShapeError(str_cat("Upsample: expects a scale_factor of 1 to ", most, " but got ", scale_factor));
    if (in[1] > (Index{1} << 30) / s || in[2] > (Index{1} << 30) / t)
      throw ShapeError(str_cat("Upsample: expects to make at most 2^30 rows and columns but got ", in, " and a scale_factor of ", scale_factor));
    return {{in[0], in[1] * s, in[2] * t, in[3]}};
  }

  template <typename T>
  None initialize(const Shape<4>&, Rng) const {
    return {};
  }

  template <typename T>
  void forward(const None&, const Tensor<T, 4>& x, None&, Tensor<T, 4>& y) const {
    const Index C = x.dimension(3);
    reshape(y, output_shape(shape(x)));
    y.setZero();
    each<T>(shape(x), [&](Index in, Index out, T weight) {
      for (Index c = 0; c < C; ++c) y.data()[out + c] += weight * x.data()[in + c];
    });
  }

  template <typename T>
  void backward(const None&, const Tensor<T, 4>& x, const Tensor<T, 4>&, const Tensor<T, 4>& dy, None&, Tensor<T, 4>* dx,
                None&) const {
    if (!dx) return;
    const Index C = x.dimension(3);
    reshape(dx, shape(x));
    dx->setZero();
    each<T>(shape(x), [&](Index in, Index out, T weight) {
      for (Index c = 0; c < C; ++c) dx->data()[in + c] += weight * dy.data()[out + c];
    });
  }

 private:
  /// The two rows or columns that one of the larger image takes, and their weights.
  template <typename T>
  struct Neighbours {
    Index at[2];
    T weight[2];
  };

  template <typename T>
  Neighbours<T> neighbours(Index p, Index scale, Index extent) const {
    const Index twice = 2 * p + 1 - scale;  // 2·s·u
    if (!bilinear) return {{p / scale, 0}, {1, 0}};
    if (twice <= 0) return {{0, 0}, {1, 0}};
    const Index h = twice / (2 * scale);
    const T beyond = static_cast<T>(twice % (2 * scale)) / static_cast<T>(2 * scale);
    return {{h, (std::min)(h + 1, extent - 1)}, {1 - beyond, beyond}};
  }

  /// Calls visit(index of its first channel in x, index of its first channel in y, weight) for each pair of pixels.
  template <typename T, typename Visitor>
  void each(const Shape<4>& in, const Visitor& visit) const {
    const auto [N, H, W, C] = in;
    const Index P = H * scale_factor.height, Q = W * scale_factor.width;
    for (Index n = 0; n < N; ++n)
      for (Index p = 0; p < P; ++p) {
        const auto a = neighbours<T>(p, scale_factor.height, H);
        for (Index q = 0; q < Q; ++q) {
          const auto b = neighbours<T>(q, scale_factor.width, W);
          for (const int i : {0, 1})
            for (const int j : {0, 1})
              if (const T weight = a.weight[i] * b.weight[j]; weight != 0)
                visit(((n * H + a.at[i]) * W + b.at[j]) * C, ((n * P + p) * Q + q) * C, weight);
        }
      }
  }
};

}  // namespace lamina
