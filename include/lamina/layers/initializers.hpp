#pragma once

#include <cmath>
#include <concepts>

#include "../core/random.hpp"
#include "../core/tensor.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The number of inputs that one output sums over, and the number of outputs that one input goes to: R·S·C and R·S·K for
/// a convolution, F and U for a dense layer.
struct Fans {
  Index in = 1, out = 1;
};

}  // namespace detail

/// A function that draws a starting value; it is called once per number, in memory order.
template <typename I>
concept Initializer = std::copyable<I> && requires(const I& initializer, Rng& rng, detail::Fans fans) {
  { initializer(rng, fans) } -> std::convertible_to<double>;
};

/// An initializer with N(0, 2 / fan_in), which keeps the variance of activations through layers of ReLU. He et al. 2015,
/// eq. 10.
struct HeNormal {
  double operator()(Rng& rng, detail::Fans fans) const { return rng.normal() * std::sqrt(2.0 / static_cast<double>(fans.in)); }
};

/// An initializer that is uniform in ±√(6 / (fan_in + fan_out)). Glorot and Bengio 2010, eq. 16.
struct GlorotUniform {
  double operator()(Rng& rng, detail::Fans fans) const {
    const double bound = std::sqrt(6.0 / static_cast<double>(fans.in + fans.out));
    return rng.uniform(-bound, bound);
  }
};

/// An initializer with N(0, 1) for all fans.
struct StandardNormal {
  double operator()(Rng& rng, detail::Fans) const { return rng.normal(); }
};

struct Zeros {
  double operator()(Rng&, detail::Fans) const { return 0.0; }
};

/// Fills a tensor with numbers of an initializer. They are drawn in double, so that float and double networks start alike.
template <typename T, int Rank>
void initialize(Tensor<T, Rank>& tensor, const Initializer auto& initializer, detail::Fans fans, Rng rng) {
  for (Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<T>(initializer(rng, fans));
}

}  // namespace lamina
