#pragma once

#include <cmath>

#include "../kernels/functions.hpp"
#include "elementwise.hpp"

namespace LAMINA_NAMESPACE {

/// @file
/// Further activations. ReLU, LeakyReLU, Sigmoid, Tanh and PReLU have headers of their own. Each computes y = f(x) and
/// dx = dy·f′(x), element by element, for x and y of any shape. With σ(x) = 1 / (1 + e⁻ˣ) and σ′ = σ·(1 − σ):
///
///   | layer       | f(x)                                     | f′(x)                                                  |
///   |-------------|------------------------------------------|--------------------------------------------------------|
///   | ReLU6       | min(max(x, 0), 6)                        | 1 for 0 < x < 6, else 0                                |
///   | HardSigmoid | min(max(x + 3, 0), 6) / 6                | 1/6 for −3 < x < 3, else 0                             |
///   | HardSwish   | x·min(max(x + 3, 0), 6) / 6              | 0 for x < −3, x/3 + ½ for −3 ≤ x ≤ 3, else 1           |
///   | SiLU        | x·σ(x)                                   | σ(x) + x·σ(x)·(1 − σ(x))                               |
///   | GELU        | x·Φ(x)                                   | Φ(x) + x·φ(x)                                          |
///   |  approximate| x·σ(u), u = 2·√(2/π)·(x + 0.044715·x³)   | σ(u) + x·σ(u)·(1 − σ(u))·u′                            |
///   | ELU         | x for x > 0, else α·(eˣ − 1)             | 1 for x > 0, else α·eˣ                                 |
///   | Softplus    | ln(1 + e^{βx}) / β                       | σ(βx)                                                  |
///
/// The derivatives follow from the product rule and the chain rule. At a kink f′ has PyTorch's value.

namespace detail {

/// An activation whose loops are in the kernels.
template <typename F, kernels::Function function>
struct KernelActivation : Elementwise<F> {
  template <typename T>
  void map(const T* x, T* y, Index n) const {
    kernels::functions<T>().forward(function, x, y, n);
  }
  template <typename T>
  void map_backward(const T* x, const T* /*y*/, const T* dy, T* dx, Index n) const {
    kernels::functions<T>().backward(function, x, dy, dx, n);
  }
};

}  // namespace detail

/// A rectifier with the upper bound 6, which suits arithmetic with few bits. Howard et al. 2017 (MobileNet).
struct ReLU6 : detail::KernelActivation<ReLU6, kernels::Function::relu6> {
  static constexpr std::string_view name = "ReLU6";
};

/// An approximation of the logistic function by three straight lines. Howard et al. 2019 (MobileNetV3). It equals
/// torch.nn.Hardsigmoid; Keras 2's has the slope 0.2.
struct HardSigmoid : detail::KernelActivation<HardSigmoid, kernels::Function::hard_sigmoid> {
  static constexpr std::string_view name = "HardSigmoid";
};

/// SiLU with HardSigmoid in place of σ. Between −3 and 3, f(x) = (x² + 3x) / 6 and f′(x) = (2x + 3) / 6. Howard et al. 2019
/// (MobileNetV3).
struct HardSwish : detail::KernelActivation<HardSwish, kernels::Function::hard_swish> {
  static constexpr std::string_view name = "HardSwish";
};

/// The sigmoid linear unit, also called Swish. Hendrycks, Gimpel 2016; Ramachandran et al. 2017.
struct SiLU : detail::KernelActivation<SiLU, kernels::Function::silu> {
  static constexpr std::string_view name = "SiLU";
};

/// The Gaussian error linear unit. Hendrycks, Gimpel 2016. Φ(x) = ½·(1 + erf(x/√2)) is the distribution function of N(0, 1),
/// φ = Φ′ its density, φ(x) = e^{−x²/2} / √(2π).
///
/// The approximation is ½·x·(1 + tanh(u/2)), with an error of at most 5e-4. It is computed with σ, because
/// ½·(1 + tanh(u/2)) = e^{u/2} / (e^{u/2} + e^{−u/2}) = σ(u).
struct GELU {
  bool approximate = false;  // true: as torch.nn.GELU(approximate="tanh"), which is faster

  static constexpr std::string_view name = "GELU";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    if (detail::shows_option<Self...>((self.approximate || ...))) visitor("approximate", self.approximate...);
  }

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    return in;
  }
  template <typename T, int Rank>
  None initialize(const Shape<Rank>&, Rng) const {
    return {};
  }
  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, Rank>& y) const {
    detail::map(*this, x, y);
  }
  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    detail::map_backward(*this, x, y, dy, dx);
  }

  template <typename T>
  void map(const T* x, T* y, Index n) const {
    if (approximate) return kernels::functions<T>().forward(kernels::Function::gelu, x, y, n);
    for (Index i = 0; i < n; ++i) y[i] = x[i] * normal(x[i]);
  }
  template <typename T>
  void map_backward(const T* x, const T* /*y*/, const T* dy, T* dx, Index n) const {
    if (approximate) return kernels::functions<T>().backward(kernels::Function::gelu, x, dy, dx, n);
    for (Index i = 0; i < n; ++i)
      dx[i] = dy[i] * (normal(x[i]) + x[i] * std::exp(T(-0.5) * x[i] * x[i]) * T(0.3989422804014327));
  }

 private:
  /// Returns Φ(x) = ½·erfc(−x/√2), a form that stays accurate where Φ is near 0.
  template <typename T>
  static T normal(T x) {
    return T(0.5) * std::erfc(x * T(-0.7071067811865476));
  }
};

/// The exponential linear unit, whose outputs have a mean closer to 0 than those of ReLU. Clevert et al. 2015.
struct ELU {
  double alpha = 1;

  static constexpr std::string_view name = "ELU";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("alpha", self.alpha...);
  }

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    return in;
  }
  template <typename T, int Rank>
  None initialize(const Shape<Rank>&, Rng) const {
    return {};
  }
  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, Rank>& y) const {
    detail::map(*this, x, y);
  }
  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    detail::map_backward(*this, x, y, dy, dx);
  }

  template <typename T>
  T value(T x) const {
    return x > 0 ? x : static_cast<T>(alpha) * std::expm1(x);
  }
  /// Returns f′(x) for y = f(x). For x ≤ 0 it is α·eˣ = α·(eˣ − 1) + α = y + α.
  template <typename T>
  T derivative(T x, T y) const {
    return x > 0 ? 1 : y + static_cast<T>(alpha);
  }
};

/// A smooth rectifier, the integral of σ. Dugas et al. 2001. It is computed in a form that does not overflow:
///
///   ln(1 + eᶻ) = max(z, 0) + ln(1 + e^{−|z|})
struct Softplus {
  double beta = 1;  // larger values come closer to ReLU

  static constexpr std::string_view name = "Softplus";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("beta", self.beta...);
  }

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  /// Throws OptionError unless beta is above 0.
  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    if (!(beta > 0 && beta < 1e30)) throw OptionError(str_cat("Softplus: expects a beta above 0 but got ", beta));
    return in;
  }
  template <typename T, int Rank>
  None initialize(const Shape<Rank>&, Rng) const {
    return {};
  }
  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, Rank>& y) const {
    output_shape(shape(x));
    detail::map(*this, x, y);
  }
  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    detail::map_backward(*this, x, y, dy, dx);
  }

  template <typename T>
  T value(T x) const {
    const T z = static_cast<T>(beta) * x;
    return ((z < 0 ? 0 : z) + std::log1p(std::exp(-std::abs(z)))) / static_cast<T>(beta);
  }
  template <typename T>
  T derivative(T x, T /*y*/) const {
    const T z = static_cast<T>(beta) * x, e = std::exp(-std::abs(z));
    return (z < 0 ? e : 1) / (1 + e);
  }
};

}  // namespace lamina
