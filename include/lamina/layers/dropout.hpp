#pragma once

#include <algorithm>
#include <vector>

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// Dropout: it sets each number to 0 with a probability in training, so that no unit can rely on another one. Srivastava
/// et al. 2014. It is inverted, as in PyTorch and Keras: kept numbers are scaled up, so that the expectation of y is x
/// and inference is the identity.
///
///   y[n,i] = x[n,i]·k[n,i] / (1 − rate)        k[n,i] = 1 with probability 1 − rate, else 0        x, y (N, …)
///
/// The mask depends only on the context: on the seed, the step, the layer and the sample's place in its batch.
struct Dropout {
  double rate = 0.5;

  static constexpr std::string_view name = "Dropout";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("rate", self.rate...);
  }

  template <typename>
  using Parameters = None;

  template <AnyTensor X>
  struct Workspace {
    std::vector<unsigned char> kept;  // k: 1 or 0 for each number of x
  };

  /// Returns the shape of the input. Throws OptionError unless the rate is at least 0 and below 1.
  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    if (!(rate >= 0 && rate < 1)) throw OptionError(str_cat("Dropout: expects a rate of at least 0 and below 1 but got ", rate));
    return in;
  }

  template <typename T, int Rank>
  None initialize(const Shape<Rank>&, Rng) const {
    return {};
  }

  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, Workspace<Tensor<T, Rank>>& ws, Tensor<T, Rank>& y,
               const Context& context) const {
    output_shape(shape(x));
    if (!context.training) return forward_inference({}, x, ws, y);
    const Index N = x.dimension(0), numbers = N > 0 ? x.size() / N : 0;
    ws.kept.resize(static_cast<std::size_t>(x.size()));
    for (Index n = 0; n < N; ++n) draw(context.sample(n), ws.kept.data() + n * numbers, numbers);
    reshape(y, shape(x));
    keep(x.data(), ws.kept, y.data());
  }

  template <typename T, int Rank>
  void forward_inference(const None&, const Tensor<T, Rank>& x, Workspace<Tensor<T, Rank>>&, Tensor<T, Rank>& y) const {
    reshape(y, shape(x));
    std::copy_n(x.data(), x.size(), y.data());
  }

  /// Computes dx. y is linear in x, with the same factor for each number:
  ///
  ///   dx[n,i] = dy[n,i]·k[n,i] / (1 − rate)
  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>& /*y*/, const Tensor<T, Rank>& dy,
                Workspace<Tensor<T, Rank>>& ws, Tensor<T, Rank>* dx, None&, const Context& context = {}) const {
    if (!dx) return;
    reshape(dx, shape(x));
    if (context.training)
      keep(dy.data(), ws.kept, dx->data());
    else
      std::copy_n(dy.data(), dy.size(), dx->data());
  }

 private:
  /// Draws the mask of one sample: 16 random bits decide about each number, by SplitMix64 (Steele, Lea, Flood 2014),
  /// seeded by the key. The probability of dropping is the rate rounded to a multiple of 2⁻¹⁶.
  void draw(Rng key, unsigned char* kept, Index numbers) const;

  /// Applies the mask without a branch, which no processor could predict.
  template <typename T>
  void keep(const T* from, const std::vector<unsigned char>& kept, T* to) const {
    const T factor = static_cast<T>(1 / (1 - rate));
    const unsigned char* k = kept.data();
    for (std::size_t i = 0; i < kept.size(); ++i) to[i] = from[i] * (factor * static_cast<T>(k[i]));
  }
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/dropout.ipp"
#endif
