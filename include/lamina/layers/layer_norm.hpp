#pragma once

#include <cmath>
#include <string_view>
#include <type_traits>

#include "layer.hpp"
#include "norm_parameters.hpp"

namespace LAMINA_NAMESPACE {

/// Layer normalisation. Each row, or the channels of each pixel of an image, is normalised to mean 0 and variance 1; then each
/// channel is multiplied by a learned scale and shifted by a learned offset. The batch does not matter. Ba et al. 2016. It
/// equals torch.nn.LayerNorm(C) on tensors with the channels last, and Keras's LayerNormalization.
///
///   x, y (N, …, C)        r counts the rows: N for (N, C), N·H·W for images
///
///   μ[r] = Σ_c x[r,c] / C        σ²[r] = Σ_c (x[r,c] − μ[r])² / C        s[r] = 1 / √(σ²[r] + epsilon)
///   x̂[r,c] = (x[r,c] − μ[r])·s[r]        y[r,c] = γ[c]·x̂[r,c] + β[c]
///
/// For `.initial_scale` see BatchNorm.
struct LayerNorm {
  double epsilon = 1e-5;
  bool affine = true;        // false: γ = 1 and β = 0
  double initial_scale = 1;  // γ before training

  static constexpr std::string_view name = "LayerNorm";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("epsilon", self.epsilon...);
    if (detail::shows_option<Self...>((!self.affine || ...))) visitor("affine", self.affine...);
    if (detail::shows_option<Self...>(((self.initial_scale != 1) || ...))) visitor("initial_scale", self.initial_scale...);
  }

  template <typename T>
  using Parameters = NormParameters<T>;

  template <AnyTensor X>
  struct Workspace {
    Tensor<scalar_t<X>, 1> mean, inverse;  // μ, s of each row
    Tensor<double, 2> gradient;            // dβ, dγ (2, C)
  };

  /// Throws OptionError unless epsilon is above 0 and the initial scale finite.
  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    if (!(epsilon > 0 && epsilon < 1e30)) throw OptionError(str_cat("LayerNorm: expects an epsilon above 0 but got ", epsilon));
    detail::check_initial_scale(name, initial_scale, affine);
    return in;
  }

  template <int Rank>
  constexpr Index parameter_count(const Shape<Rank>& in) const {
    return affine ? 2 * in[Rank - 1] : 0;
  }

  template <typename T, int Rank>
  Parameters<T> initialize(const Shape<Rank>& in, Rng) const {
    Parameters<T> p;
    p.start(output_shape(in)[Rank - 1], affine, initial_scale);
    return p;
  }

  template <typename T, int Rank>
  void forward(const Parameters<T>& p, const Tensor<T, Rank>& x, Workspace<Tensor<T, Rank>>& ws, Tensor<T, Rank>& y) const {
    p.check(name, output_shape(shape(x)));
    reshape(y, shape(x));
    const Index C = p.weight.size(), rows = C > 0 ? x.size() / C : 0;
    for (auto* tensor : {&ws.mean, &ws.inverse}) reshape(*tensor, Shape<1>{{rows}});
    const auto weight = row(p.weight.data(), C), bias = row(p.bias.data(), C);
    for (Index r = 0; r < rows; ++r) {
      const auto numbers = row(x.data() + r * C, C);
      ws.mean(r) = numbers.mean();
      ws.inverse(r) = 1 / std::sqrt((numbers - ws.mean(r)).square().mean() + static_cast<T>(epsilon));
      row(y.data() + r * C, C) = weight * ((numbers - ws.mean(r)) * ws.inverse(r)) + bias;
    }
  }

  /// Computes the gradients. The derivation is that of BatchNorm, over the C elements of one row. Since γ varies within a row,
  /// it is applied first. With dx̂[c] = γ[c]·dy[c]:
  ///
  ///   dβ[c] = Σᵣ dy[r,c]        dγ[c] = Σᵣ dy[r,c]·x̂[r,c]
  ///   dx[c] = s·(dx̂[c] − Σ dx̂ / C − x̂[c]·Σ dx̂·x̂ / C)        with sums over the channels of the row
  template <typename T, int Rank>
  void backward(const Parameters<T>& p, const Tensor<T, Rank>& x, const Tensor<T, Rank>& /*y*/, const Tensor<T, Rank>& dy,
                Workspace<Tensor<T, Rank>>& ws, Tensor<T, Rank>* dx, Parameters<T>& dp) const {
    const Index C = p.weight.size(), rows = C > 0 ? x.size() / C : 0;
    reshape(dx, shape(x));
    reshape(ws.gradient, Shape<2>{{2, C}});
    ws.gradient.setZero();
    for (Index r = 0; r < rows; ++r) {
      const T *const numbers = x.data() + r * C, *const slopes = dy.data() + r * C;
      const T mean = ws.mean(r), s = ws.inverse(r);
      T sum = 0, products = 0;  // Σ dx̂, Σ dx̂·x̂
      for (Index c = 0; c < C; ++c) {
        const T normal = (numbers[c] - mean) * s, d = p.weight(c) * slopes[c];
        sum += d;
        products += d * normal;
        ws.gradient(0, c) += static_cast<double>(slopes[c]);
        ws.gradient(1, c) += static_cast<double>(slopes[c] * normal);
      }
      if (!dx) continue;
      sum /= static_cast<T>(C);
      products /= static_cast<T>(C);
      for (Index c = 0; c < C; ++c)
        dx->data()[r * C + c] = s * (p.weight(c) * slopes[c] - sum - (numbers[c] - mean) * s * products);
    }
    dp.start(C, p.affine);
    for (Index c = 0; c < C; ++c) {
      dp.bias(c) = static_cast<T>(ws.gradient(0, c));
      dp.weight(c) = static_cast<T>(ws.gradient(1, c));
    }
  }

 private:
  template <typename T>
  static auto row(T* numbers, Index C) {
    using Row = Eigen::Array<std::remove_const_t<T>, 1, Eigen::Dynamic>;
    return Eigen::Map<std::conditional_t<std::is_const_v<T>, const Row, Row>>(numbers, C);
  }
};

}  // namespace lamina
