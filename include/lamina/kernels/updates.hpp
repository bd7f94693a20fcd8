#pragma once

/// The kernels of optimizers. editions.hpp says what all kernels promise.

#include "editions.hpp"
#include "window.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// Stochastic gradient descent, see Updates::sgd_step.
template <typename T>
struct SgdStep {
  T learning_rate, momentum, weight_decay;
  bool nesterov;
  T l1 = 0;
};

/// Adam, see Updates::adam_step. What follows from the number of the step is computed once, outside, in double.
template <typename T>
struct AdamStep {
  T beta1, beta1_rest;  ///< β₁ and 1 − β₁
  T beta2, beta2_rest;
  T rate;     ///< learning_rate / (1 − β₁ᵗ)
  T root;     ///< 1 / √(1 − β₂ᵗ)
  T epsilon;  ///< above 0
  T l1, weight_decay;
  T keep;  ///< what θ is multiplied by first: 1 − learning_rate · weight_decay in AdamW, else 1
};

/// The updates of one edition.
template <typename T>
struct Updates {
  /// θ[begin … end) one step further, as PyTorch's SGD defines it:
  ///
  ///   g = Σ_shards gradient, in the order of the shards, + weight_decay · θ + l1 · sign(θ), sign(0) = 0
  ///   v = momentum · v + g                 (velocity is null when there is no momentum: then θ −= learning_rate · g)
  ///   θ −= learning_rate · (nesterov ? g + momentum · v : v)
  ///
  /// At least one shard. Returns whether every new θ is finite.
  bool (*sgd_step)(const T* const* gradients, Index shards, T* theta, T* velocity, Index begin, Index end,
                   const SgdStep<T>& step);

  /// θ[begin … end) one step further, as PyTorch's Adam and AdamW define it:
  ///
  ///   g = Σ_shards gradient, in the order of the shards, + weight_decay · θ + l1 · sign(θ)
  ///   m = β₁ · m + (1 − β₁) · g        v = β₂ · v + (1 − β₂) · g²
  ///   θ = keep · θ − rate · m / (root · √v + epsilon)
  ///
  /// At least one shard. Returns whether every new θ is finite.
  bool (*adam_step)(const T* const* gradients, Index shards, T* theta, T* m, T* v, Index begin, Index end,
                    const AdamStep<T>& step);
};

/// Returns the updates of one edition, or of the edition that best() chooses.
template <typename T>
const Updates<T>& updates(const Edition& edition);
template <typename T>
const Updates<T>& updates();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/updates.ipp"
#endif
