#pragma once

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Computes y[i] = f(x[i]).
template <typename F, typename T, int Rank>
void map(const F& f, const Tensor<T, Rank>& x, Tensor<T, Rank>& y) {
  reshape(y, shape(x));
  if constexpr (requires { f.map(x.data(), y.data(), x.size()); })
    f.map(x.data(), y.data(), x.size());
  else
    for (Index i = 0; i < x.size(); ++i) y.data()[i] = f.value(x.data()[i]);
}

/// Computes dx[i] = dy[i] · f′(x[i]).
template <typename F, typename T, int Rank>
void map_backward(const F& f, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy,
                  Tensor<T, Rank>* dx) {
  if (!dx) return;
  reshape(dx, shape(x));
  if constexpr (requires { f.map_backward(x.data(), y.data(), dy.data(), dx->data(), x.size()); })
    f.map_backward(x.data(), y.data(), dy.data(), dx->data(), x.size());
  else
    for (Index i = 0; i < x.size(); ++i) dx->data()[i] = dy.data()[i] * f.derivative(x.data()[i], y.data()[i]);
}

}  // namespace detail

/// The base of an activation: the same function on every number, y[i] = f(x[i]). It has the loops; a layer derives from
/// it and defines f and its derivative:
///
///   struct Softsign : Elementwise<Softsign> {
///     static constexpr std::string_view name = "Softsign";
///     template <typename T> T value(T x) const { return x / (1 + std::abs(x)); }
///     template <typename T> T derivative(T x, T y) const { return (1 - std::abs(y)) * (1 - std::abs(y)); }
///   };
///
/// Only x[i] changes y[i], so the chain rule has one term:
///
///   dx[i] = dy[i] · f′(x[i])
///
/// f′ gets y[i] as well, because some derivatives are shorter in y. A function with its own vectorised loops defines them
/// as map(x, y, n) and map_backward(x, y, dy, dx, n).
template <typename F>
struct Elementwise {
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
    detail::map(static_cast<const F&>(*this), x, y);
  }

  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    detail::map_backward(static_cast<const F&>(*this), x, y, dy, dx);
  }
};

}  // namespace lamina
