#pragma once

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Computes y[i] = f(x[i]).
template <typename F, typename T, int Rank>
void map(const F& f, const Tensor<T, Rank>& x, Tensor<T, Rank>& y, const Context& context = {}) {
  reshape(y, shape(x));
  const T* const from = x.data();
  T* const to = y.data();
  share_range(context.thread_pool, x.size(), x.size(), [&](Index first, Index last) {
    if constexpr (requires { f.map(from, to, last); })
      f.map(from + first, to + first, last - first);
    else
      for (Index i = first; i < last; ++i) to[i] = f.value(from[i]);
  });
}

/// Computes dx[i] = dy[i] · f′(x[i]).
template <typename F, typename T, int Rank>
void map_backward(const F& f, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy,
                  Tensor<T, Rank>* dx, const Context& context = {}) {
  if (!dx) return;
  reshape(dx, shape(x));
  const T *const in = x.data(), *const out = y.data(), *const from = dy.data();
  T* const to = dx->data();
  share_range(context.thread_pool, x.size(), x.size(), [&](Index first, Index last) {
    if constexpr (requires { f.map_backward(in, out, from, to, last); })
      f.map_backward(in + first, out + first, from + first, to + first, last - first);
    else
      for (Index i = first; i < last; ++i) to[i] = from[i] * f.derivative(in[i], out[i]);
  });
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
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, Rank>& y, const Context& context = {}) const {
    detail::map(static_cast<const F&>(*this), x, y, context);
  }

  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&, const Context& context = {}) const {
    detail::map_backward(static_cast<const F&>(*this), x, y, dy, dx, context);
  }
};

}  // namespace lamina
