#pragma once

#include <algorithm>
#include <cmath>

#include "layer.hpp"

#include "../core/exact.inc"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Computes a[k] = e^{z[k]} / Σⱼ e^{z[j]} for one row of K numbers; a may be z. Returns ln Σⱼ e^{z[j]}.
///
/// A constant added to every z[k] cancels, so the largest is subtracted first: no exponential overflows and the sum is at
/// least 1.
template <typename T>
double softmax_row(const T* z, Index K, T* a) {
  const T top = *std::max_element(z, z + K);
  T sum = 0;
  for (Index k = 0; k < K; ++k) sum += a[k] = std::exp(z[k] - top);
  for (Index k = 0; k < K; ++k) a[k] /= sum;
  return static_cast<double>(top) + std::log(static_cast<double>(sum));
}

}  // namespace detail

/// A layer that turns a row of numbers into probabilities.
///
///   a[n,k] = e^{z[n,k]} / Σⱼ e^{z[n,j]}        z (N, K)    a (N, K)
///
/// A network for class numbers is better trained with logits at its end and SoftmaxCrossEntropy as its loss.
struct Softmax {
  static constexpr std::string_view name = "Softmax";
  static constexpr bool gives_probabilities = true;

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  constexpr Shape<2> output_shape(const Shape<2>& in) const {
    if (in[1] < 1) throw ShapeError(str_cat("Softmax: expects rows of at least one number but got ", in));
    return in;
  }

  template <typename T>
  None initialize(const Shape<2>&, Rng) const {
    return {};
  }

  template <typename T>
  void forward(const None&, const Tensor<T, 2>& z, None&, Tensor<T, 2>& a) const {
    reshape(a, shape(z));
    const auto [N, K] = shape(z);
    for (Index n = 0; n < N; ++n) detail::softmax_row(z.data() + n * K, K, a.data() + n * K);
  }

  /// Computes dz. Within a row, let s = Σⱼ e^{z[j]}, so that ∂s/∂z[k] = e^{z[k]}, and let [j = k] be 1 if the two are
  /// equal and 0 otherwise. The derivative of the quotient e^{z[j]} / s is
  ///
  ///   ∂a[j]/∂z[k] = [j = k]·e^{z[j]} / s − e^{z[j]}·e^{z[k]} / s² = a[j]·([j = k] − a[k])
  ///
  /// Every a[j] depends on z[k], so that the chain rule sums over all of them:
  ///
  ///   dz[k] = Σⱼ da[j]·∂a[j]/∂z[k] = a[k]·(da[k] − Σⱼ da[j]·a[j])        dz, da (N, K)
  template <typename T>
  void backward(const None&, const Tensor<T, 2>& z, const Tensor<T, 2>& a, const Tensor<T, 2>& da, None&,
                Tensor<T, 2>* dz, None&) const {
    if (!dz) return;
    reshape(dz, shape(z));
    for (Index n = 0; n < z.dimension(0); ++n) {
      const T mean = matrix(da).row(n).dot(matrix(a).row(n));  // Σⱼ da[j]·a[j]
      matrix(*dz).row(n) = matrix(a).row(n).array() * (matrix(da).row(n).array() - mean);
    }
  }
};

}  // namespace lamina

#include "../core/exact_end.inc"
