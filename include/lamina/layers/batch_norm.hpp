#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "../kernels/normalisations.hpp"
#include "layer.hpp"
#include "norm_parameters.hpp"

namespace LAMINA_NAMESPACE {

template <typename T>
struct BatchNormParameters {
  Tensor<T, 1> weight;        // γ (C)
  Tensor<T, 1> bias;          // β (C)
  Buffer<T, 1> running_mean;  // (C)
  Buffer<T, 1> running_var;   // (C)
  bool affine = true;         // false: γ = 1 and β = 0, which are neither trained nor saved

  template <typename Visitor, typename First, typename... Self>
  static void visit(Visitor&& visitor, First& first, Self&... self) {
    if (first.affine) {
      visitor("weight", first.weight, self.weight...);
      visitor("bias", first.bias, self.bias...);
    }
    visitor("running_mean", first.running_mean, self.running_mean...);
    visitor("running_var", first.running_var, self.running_var...);
  }

  /// Returns parameters without numbers that have the same tensors.
  BatchNormParameters empty_like() const {
    BatchNormParameters none;
    none.affine = affine;
    return none;
  }
};

/// Batch normalisation: it gives each channel mean 0 and variance 1 over the samples, then applies a learned scale and
/// offset. Ioffe, Szegedy 2015; torch.nn.BatchNorm1d and BatchNorm2d.
///
///   x, y (N, …, C)        n counts all M numbers of a channel: M = N·H·W of images, N of rows
///
///   μ[c] = Σₙ x[n,c] / M        σ²[c] = Σₙ (x[n,c] − μ[c])² / M        in inference the running ones
///   s[c] = 1 / √(σ²[c] + epsilon)        x̂[n,c] = (x[n,c] − μ[c])·s[c]
///   y[n,c] = γ[c]·x̂[n,c] + β[c]
///
///   running_mean ← (1 − momentum)·running_mean + momentum·μ
///   running_var  ← (1 − momentum)·running_var  + momentum·σ²·M/(M − 1)
///
/// In training each shard of a batch is measured by itself, as usual in data-parallel training; `.shards = 1` measures the whole
/// batch. A bias in the Conv or Dense before it has no effect: give that layer `.bias = false`. A frozen BatchNorm runs as in
/// inference. A Predictor and `evaluate` compute it within the Conv, ConvTranspose or Dense before it.
///
/// With `.initial_scale = 0` in its last normalisation a residual branch begins as nothing, and the network as a shallower
/// one. He, T. et al. 2019, "Bag of tricks for image classification with convolutional neural networks", section 3.1;
/// torchvision's zero_init_residual.
struct BatchNorm {
  double momentum = 0.1;
  double epsilon = 1e-5;
  bool affine = true;        // false: γ = 1 and β = 0
  double initial_scale = 1;  // γ before training

  static constexpr std::string_view name = "BatchNorm";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("momentum", self.momentum...);
    visitor("epsilon", self.epsilon...);
    if (detail::shows_option<Self...>((!self.affine || ...))) visitor("affine", self.affine...);
    if (detail::shows_option<Self...>(((self.initial_scale != 1) || ...))) visitor("initial_scale", self.initial_scale...);
  }

  template <typename T>
  using Parameters = BatchNormParameters<T>;

  template <AnyTensor X>
  struct Workspace {
    using T = scalar_t<X>;
    Tensor<T, 1> mean, variance, inverse;  // μ, σ², s: (C)
    Tensor<T, 2> sums, products;           // per block of rows: (blocks, C)
    Tensor<T, 1> scale, slope, offset;     // per channel (C)
    Tensor<double, 2> totals;              // (2, C)
  };

  /// Returns the shape of the input. Throws OptionError unless 0 ≤ momentum ≤ 1, epsilon is finite and above 0, and the
  /// initial scale is finite.
  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    if (!(momentum >= 0 && momentum <= 1))
      throw OptionError(str_cat("BatchNorm: expects a momentum in 0 … 1 but got ", momentum));
    if (!(epsilon > 0 && epsilon < 1e30))
      throw OptionError(str_cat("BatchNorm: expects an epsilon above 0 but got ", epsilon));
    detail::check_initial_scale(name, initial_scale, affine);
    return in;
  }

  template <int Rank>
  constexpr Index parameter_count(const Shape<Rank>& in) const {
    return (affine ? 4 : 2) * in[Rank - 1];
  }

  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng) const {
    const Shape<1> channels{{in[Rank - 1]}};
    Parameters<T> p;
    for (Tensor<T, 1>* tensor : {&p.weight, &p.bias}) reshape(*tensor, channels);
    for (Buffer<T, 1>* buffer : {&p.running_mean, &p.running_var}) reshape(static_cast<Tensor<T, 1>&>(*buffer), channels);
    p.affine = affine;
    p.weight.setConstant(static_cast<T>(initial_scale));
    p.bias.setZero();
    p.running_mean.setZero();
    p.running_var.setConstant(1);
    return p;
  }

  template <typename T, int Rank>
  void forward(const Parameters<T>& p, const Tensor<T, Rank>& x, Workspace<Tensor<T, Rank>>& ws, Tensor<T, Rank>& y,
               const Context& context) const {
    const Index C = channels(p, shape(x)), M = C > 0 ? x.size() / C : 0;
    if (context.training && M < 2)
      throw ShapeError(str_cat("BatchNorm: expects at least two numbers per channel to measure but got ", shape(x),
                               "; give larger batches, or fewer shards of them"));
    for (Tensor<T, 1>* tensor : {&ws.mean, &ws.variance, &ws.inverse, &ws.scale}) reshape(*tensor, Shape<1>{{C}});
    if (context.training)
      measure(x.data(), M, C, ws, context);
    else
      ws.mean = p.running_mean, ws.variance = p.running_var;
    for (Index c = 0; c < C; ++c) {
      ws.inverse(c) = 1 / std::sqrt(ws.variance(c) + static_cast<T>(epsilon));
      ws.scale(c) = p.weight(c) * ws.inverse(c);
    }
    reshape(y, shape(x));
    detail::share_range(context.thread_pool, M, x.size(), [&](Index first, Index last) {
      kernels::normalisations<T>().scale(x.data() + first * C, last - first, C, ws.mean.data(), ws.scale.data(), p.bias.data(),
                                         y.data() + first * C);
    });
  }

  /// Computes dx, dγ and dβ. With dx̂ = γ·dy, and μ and σ² functions of all x of the channel:
  ///
  ///   dβ = Σₙ dy[n]        dγ = Σₙ dy[n]·x̂[n]
  ///   ∂x̂[n]/∂x[m] = s·(δₙₘ − 1/M − x̂[n]·x̂[m]/M),   as ∂μ/∂x[m] = 1/M and ∂s/∂x[m] = −s²·x̂[m]/M
  ///   dx[m] = Σₙ dx̂[n]·∂x̂[n]/∂x[m] = γ·s·(dy[m] − dβ/M − x̂[m]·dγ/M)
  ///
  /// In inference μ and s are constants, so that dx[m] = γ·s·dy[m].
  template <typename T, int Rank>
  void backward(const Parameters<T>& p, const Tensor<T, Rank>& x, const Tensor<T, Rank>& /*y*/, const Tensor<T, Rank>& dy,
                Workspace<Tensor<T, Rank>>& ws, Tensor<T, Rank>* dx, Parameters<T>& dp, const Context& context) const {
    const Index C = channels(p, shape(x)), M = C > 0 ? x.size() / C : 0;
    const auto& kernels = kernels::normalisations<T>();
    total(M, C, ws, context, [&](Index first, Index rows, T* sums, T* products) {
      kernels.gradient_sums(x.data() + first * C, dy.data() + first * C, rows, C, ws.mean.data(), sums, products);
    });
    give(p, dp, M, C, ws, context);
    if (!dx) return;
    reshape(ws.slope, Shape<1>{{C}});
    reshape(ws.offset, Shape<1>{{C}});
    for (Index c = 0; c < C; ++c) {
      const double s = static_cast<double>(ws.inverse(c)), gs = static_cast<double>(ws.scale(c)), m = static_cast<double>(M);
      ws.offset(c) = context.training ? static_cast<T>(-gs * ws.totals(0, c) / m) : T(0);
      ws.slope(c) = context.training ? static_cast<T>(-gs * s * s * ws.totals(1, c) / m) : T(0);
    }
    reshape(dx, shape(x));
    detail::share_range(context.thread_pool, M, x.size(), [&](Index first, Index last) {
      kernels.scale_backward(x.data() + first * C, dy.data() + first * C, last - first, C, ws.mean.data(), ws.scale.data(),
                             ws.slope.data(), ws.offset.data(), dx->data() + first * C);
    });
  }

  /// Writes what the layer does in inference, y[n,c] = scale[c]·x[n,c] + offset[c]:
  ///
  ///   scale[c] = γ[c] / √(running_var[c] + epsilon)        offset[c] = β[c] − scale[c]·running_mean[c]
  ///
  /// The Conv or Dense before it can do that, too, see rescale there.
  template <typename T>
  void as_scale(const Parameters<T>& p, std::vector<double>& scale, std::vector<double>& offset) const {
    scale.resize(static_cast<std::size_t>(p.running_mean.size()));
    offset.resize(scale.size());
    for (std::size_t i = 0; i < scale.size(); ++i) {
      const Index c = static_cast<Index>(i);
      scale[i] = static_cast<double>(p.weight(c)) / std::sqrt(static_cast<double>(p.running_var(c)) + epsilon);
      offset[i] = static_cast<double>(p.bias(c)) - scale[i] * static_cast<double>(p.running_mean(c));
    }
  }

 private:
  /// Returns the number of channels. Throws ShapeError if the parameters have another number.
  template <typename T, int Rank>
  static Index channels(const Parameters<T>& p, const Shape<Rank>& in) {
    if (p.running_mean.size() == in[Rank - 1]) return in[Rank - 1];
    throw ShapeError(str_cat("BatchNorm: expects (N, …, ", p.running_mean.size(), ") but got ", in,
                             "; give it the channels that its parameters were made for"));
  }

  /// Adds up in double, in the order of the blocks, what of(first, rows, sums, products) writes for each block of rows.
  template <typename Space, typename Of>
  static void total(Index M, Index C, Space& ws, const Context& context, const Of& of) {
    constexpr Index block = 1024;
    const Index blocks = (M + block - 1) / block;
    for (auto* numbers : {&ws.sums, &ws.products}) reshape(*numbers, Shape<2>{{blocks, C}});
    reshape(ws.totals, Shape<2>{{2, C}});
    detail::share_range(context.thread_pool, blocks, M * C, [&](Index first, Index last) {
      for (Index b = first; b < last; ++b)
        of(b * block, (std::min)(M - b * block, block), ws.sums.data() + b * C, ws.products.data() + b * C);
    });
    ws.totals.setZero();
    for (Index b = 0; b < blocks; ++b)
      for (Index c = 0; c < C; ++c) {
        ws.totals(0, c) += static_cast<double>(ws.sums(b, c));
        ws.totals(1, c) += static_cast<double>(ws.products(b, c));
      }
  }

  /// Computes μ and σ². It subtracts the mean k of the first few numbers before summing, which keeps precision if μ is
  /// far from 0:
  ///
  ///   μ = k + Σ(x − k)/M        σ² = Σ(x − k)²/M − (Σ(x − k)/M)²
  template <typename T, typename Space>
  static void measure(const T* x, Index M, Index C, Space& ws, const Context& context) {
    const auto& kernels = kernels::normalisations<T>();
    const auto moments = [&](Index first, Index rows, T* sums, T* products) {
      kernels.moments(x + first * C, rows, C, ws.mean.data(), sums, products);
    };
    const Index few = (std::min<Index>)(M, 32);
    ws.mean.setZero();
    total(few, C, ws, context, moments);
    for (Index c = 0; c < C; ++c) ws.mean(c) = static_cast<T>(ws.totals(0, c) / static_cast<double>(few));
    total(M, C, ws, context, moments);
    for (Index c = 0; c < C; ++c) {
      const double m = static_cast<double>(M), apart = ws.totals(0, c) / m;
      ws.mean(c) = static_cast<T>(static_cast<double>(ws.mean(c)) + apart);
      ws.variance(c) = static_cast<T>((std::max)(ws.totals(1, c) / m - apart * apart, 0.0));
    }
  }

  /// Writes dγ and dβ, and the next running mean and variance.
  template <typename T, typename Space>
  void give(const Parameters<T>& p, Parameters<T>& dp, Index M, Index C, const Space& ws, const Context& context) const {
    reshape(dp.weight, shape(p.weight));
    reshape(dp.bias, shape(p.bias));
    dp.affine = p.affine;
    dp.running_mean = p.running_mean;
    dp.running_var = p.running_var;
    const double more = static_cast<double>(M) / static_cast<double>((std::max<Index>)(M - 1, 1));
    const auto next = [&](T running, double measured) {
      return static_cast<T>((1 - momentum) * static_cast<double>(running) + momentum * measured);
    };
    for (Index c = 0; c < C; ++c) {
      dp.bias(c) = static_cast<T>(ws.totals(0, c));
      dp.weight(c) = static_cast<T>(ws.totals(1, c) * static_cast<double>(ws.inverse(c)));
      if (!context.training) continue;
      dp.running_mean(c) = next(p.running_mean(c), static_cast<double>(ws.mean(c)));
      dp.running_var(c) = next(p.running_var(c), static_cast<double>(ws.variance(c)) * more);
    }
  }
};

}  // namespace lamina
