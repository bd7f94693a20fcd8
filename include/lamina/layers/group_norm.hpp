#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "../kernels/normalisations.hpp"
#include "layer.hpp"
#include "norm_parameters.hpp"

namespace LAMINA_NAMESPACE {

/// Group normalisation. In each sample, every group of channels is normalised to mean 0 and variance 1; then each channel is
/// multiplied by a learned scale and shifted by a learned offset. The batch does not matter. Wu, He 2018; torch.nn.GroupNorm.
///
///   x, y (N, H, W, C)        g = ⌊c / (C / groups)⌋ is the group of channel c        M = H·W·C / groups
///
///   μ[n,g] = Σ x[n,h,w,c] / M        σ²[n,g] = Σ (x[n,h,w,c] − μ)² / M        over h, w and the channels of g
///   s = 1 / √(σ² + epsilon)        x̂ = (x − μ)·s
///   y[n,h,w,c] = γ[c]·x̂[n,h,w,c] + β[c]
///
/// `.groups = 1` normalises whole images. With one group per channel it is instance normalisation. For
/// `.initial_scale` see BatchNorm.
struct GroupNorm {
  Index groups = 32;
  double epsilon = 1e-5;
  bool affine = true;        // false: γ = 1 and β = 0
  double initial_scale = 1;  // γ before training

  static constexpr std::string_view name = "GroupNorm";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("groups", self.groups...);
    visitor("epsilon", self.epsilon...);
    if (detail::shows_option<Self...>((!self.affine || ...))) visitor("affine", self.affine...);
    if (detail::shows_option<Self...>(((self.initial_scale != 1) || ...))) visitor("initial_scale", self.initial_scale...);
  }

  template <typename T>
  using Parameters = NormParameters<T>;

  template <AnyTensor X>
  struct Workspace {
    using T = scalar_t<X>;
    Tensor<T, 2> mean, inverse;             // μ, s: (N, groups)
    Tensor<T, 1> middle, sums, products;    // for the channels of one image (C)
    Tensor<T, 1> scale, slope, offset;      // for the channels of one image (C)
    Tensor<double, 2> totals;               // (2, C)
    Tensor<double, 2> gradient;             // dβ, dγ (2, C)
  };

  /// Throws OptionError unless epsilon is above 0 and the initial scale finite, and ShapeError unless the groups divide the channels.
  constexpr Shape<4> output_shape(const Shape<4>& in) const {
    if (!(epsilon > 0 && epsilon < 1e30)) throw OptionError(str_cat("GroupNorm: expects an epsilon above 0 but got ", epsilon));
    detail::check_initial_scale(name, initial_scale, affine);
    if (groups < 1 || in[3] % groups != 0)
      throw ShapeError(str_cat("GroupNorm: expects groups that divide the channels but got ", groups, " and ", in));
    return in;
  }

  constexpr Index parameter_count(const Shape<4>& in) const { return affine ? 2 * output_shape(in)[3] : 0; }

  template <typename T>
  Parameters<T> initialize(const Shape<4>& in, Rng) const {
    Parameters<T> p;
    p.start(output_shape(in)[3], affine, initial_scale);
    return p;
  }

  template <typename T>
  void forward(const Parameters<T>& p, const Tensor<T, 4>& x, Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>& y) const {
    const auto [N, H, W, C] = output_shape(shape(x));
    p.check(name, shape(x));
    reshape(y, shape(x));
    make_room(N, C, ws);
    for (Index n = 0; n < N; ++n) {
      const T* const image = x.data() + n * H * W * C;
      measure(image, n, H * W, C, ws);
      for (Index c = 0; c < C; ++c) ws.scale(c) = p.weight(c) * ws.inverse(n, group(c, C));
      kernels::normalisations<T>().scale(image, H * W, C, ws.middle.data(), ws.scale.data(), p.bias.data(),
                                         y.data() + n * H * W * C);
    }
  }

  /// Computes the gradients. The derivation is that of BatchNorm, over the M elements of one group of one sample. Since γ
  /// varies within a group, it is applied first. With dx̂ = γ·dy:
  ///
  ///   dβ[c] = Σ dy        dγ[c] = Σ dy·x̂        over n, h and w
  ///   dx = s·(dx̂ − Σ dx̂ / M − x̂·Σ dx̂·x̂ / M)        with sums over the group
  template <typename T>
  void backward(const Parameters<T>& p, const Tensor<T, 4>& x, const Tensor<T, 4>& /*y*/, const Tensor<T, 4>& dy,
                Workspace<Tensor<T, 4>>& ws, Tensor<T, 4>* dx, Parameters<T>& dp) const {
    const Index N = x.dimension(0), H = x.dimension(1), W = x.dimension(2), C = x.dimension(3);
    const auto& kernels = kernels::normalisations<T>();
    const double M = static_cast<double>(H * W * (C / groups));
    reshape(dx, shape(x));
    make_room(N, C, ws);
    ws.gradient.setZero();
    for (Index n = 0; n < N; ++n) {
      const T *const image = x.data() + n * H * W * C, *const slopes = dy.data() + n * H * W * C;
      for (Index c = 0; c < C; ++c) ws.middle(c) = ws.mean(n, group(c, C));
      total(H * W, C, ws, [&](Index first, Index rows) {
        kernels.gradient_sums(image + first * C, slopes + first * C, rows, C, ws.middle.data(), ws.sums.data(), ws.products.data());
      });
      for (Index first = 0; first < C; first += C / groups) {
        const double s = static_cast<double>(ws.inverse(n, group(first, C)));
        double sum = 0, products = 0;  // Σ dx̂, Σ dx̂·x̂ / s
        for (Index c = first; c < first + C / groups; ++c) {
          ws.gradient(0, c) += ws.totals(0, c);
          ws.gradient(1, c) += ws.totals(1, c) * s;
          sum += static_cast<double>(p.weight(c)) * ws.totals(0, c);
          products += static_cast<double>(p.weight(c)) * ws.totals(1, c);
        }
        for (Index c = first; c < first + C / groups; ++c) {
          ws.scale(c) = static_cast<T>(s * static_cast<double>(p.weight(c)));
          ws.slope(c) = static_cast<T>(-s * s * s * products / M);
          ws.offset(c) = static_cast<T>(-s * sum / M);
        }
      }
      if (dx)
        kernels.scale_backward(image, slopes, H * W, C, ws.middle.data(), ws.scale.data(), ws.slope.data(), ws.offset.data(),
                               dx->data() + n * H * W * C);
    }
    dp.start(C, p.affine);
    for (Index c = 0; c < C; ++c) {
      dp.bias(c) = static_cast<T>(ws.gradient(0, c));
      dp.weight(c) = static_cast<T>(ws.gradient(1, c));
    }
  }

 private:
  constexpr Index group(Index c, Index C) const { return c / (C / groups); }

  template <typename Space>
  void make_room(Index N, Index C, Space& ws) const {
    for (auto* tensor : {&ws.mean, &ws.inverse}) reshape(*tensor, Shape<2>{{N, groups}});
    for (auto* tensor : {&ws.middle, &ws.sums, &ws.products, &ws.scale, &ws.slope, &ws.offset}) reshape(*tensor, Shape<1>{{C}});
    for (auto* tensor : {&ws.totals, &ws.gradient}) reshape(*tensor, Shape<2>{{2, C}});
  }

  /// Calls `of(first, rows)` for blocks of rows and adds up, in double, what it writes to ws.sums and ws.products.
  template <typename Space, typename Of>
  static void total(Index rows, Index C, Space& ws, const Of& of) {
    constexpr Index block = 1024;
    ws.totals.setZero();
    for (Index first = 0; first < rows; first += block) {
      of(first, (std::min)(rows - first, block));
      for (Index c = 0; c < C; ++c) {
        ws.totals(0, c) += static_cast<double>(ws.sums(c));
        ws.totals(1, c) += static_cast<double>(ws.products(c));
      }
    }
  }

  /// Computes μ and s of image n, and writes μ to ws.middle for each channel. A second pass computes the variance about the
  /// mean, which stays accurate where μ is far from 0.
  template <typename T, typename Space>
  void measure(const T* image, Index n, Index rows, Index C, Space& ws) const {
    const double M = static_cast<double>(rows * (C / groups));
    const auto moments = [&](Index first, Index count) {
      kernels::normalisations<T>().moments(image + first * C, count, C, ws.middle.data(), ws.sums.data(), ws.products.data());
    };
    const auto of_group = [&](Index row, Index first) {
      double sum = 0;
      for (Index c = first; c < first + C / groups; ++c) sum += ws.totals(row, c);
      return sum / M;
    };
    ws.middle.setZero();
    total(rows, C, ws, moments);
    for (Index first = 0; first < C; first += C / groups) {
      ws.mean(n, group(first, C)) = static_cast<T>(of_group(0, first));
      for (Index c = first; c < first + C / groups; ++c) ws.middle(c) = ws.mean(n, group(first, C));
    }
    total(rows, C, ws, moments);
    for (Index first = 0; first < C; first += C / groups) {
      const double off = of_group(0, first), variance = (std::max)(of_group(1, first) - off * off, 0.0);
      ws.inverse(n, group(first, C)) = static_cast<T>(1 / std::sqrt(variance + epsilon));
    }
  }
};

}  // namespace lamina
