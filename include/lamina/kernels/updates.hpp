#pragma once

/// @file
/// The kernels of optimizers. instruction_sets.hpp describes what all kernels guarantee.

#include "conv_shape.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// The options of Updates::sgd_step, stochastic gradient descent.
template <typename T>
struct SgdStep {
  T learning_rate, momentum, weight_decay;
  bool nesterov;
  T l1 = 0;
};

/// The options of Updates::adam_step, Adam. Factors that depend on the number of the step are computed outside, in double.
template <typename T>
struct AdamStep {
  T beta1, beta1_rest;  ///< β₁ and 1 − β₁
  T beta2, beta2_rest;
  T rate;     ///< learning_rate / (1 − β₁ᵗ)
  T root;     ///< 1 / √(1 − β₂ᵗ)
  T epsilon;  ///< above 0
  T l1, weight_decay;
  T keep;  ///< the factor of θ: 1 − learning_rate · weight_decay in AdamW, else 1
};

/// The updates of one instruction set.
template <typename T>
struct Updates {
  /// Moves θ[begin … end) by one step of PyTorch's SGD:
  ///
  ///   g = Σ_shards gradient, in the order of the shards, + weight_decay · θ + l1 · sign(θ), sign(0) = 0
  ///   v = momentum · v + g                 (velocity is null when there is no momentum: then θ −= learning_rate · g)
  ///   θ −= learning_rate · (nesterov ? g + momentum · v : v)
  ///
  /// Needs at least one shard. Returns whether every new θ is finite.
  bool (*sgd_step)(const T* const* gradients, Index shards, T* theta, T* velocity, Index begin, Index end,
                   const SgdStep<T>& step);

  /// Moves θ[begin … end) by one step of PyTorch's Adam or AdamW:
  ///
  ///   g = Σ_shards gradient, in the order of the shards, + weight_decay · θ + l1 · sign(θ)
  ///   m = β₁ · m + (1 − β₁) · g        v = β₂ · v + (1 − β₂) · g²
  ///   θ = keep · θ − rate · m / (root · √v + epsilon)
  ///
  /// Needs at least one shard. Returns whether every new θ is finite.
  bool (*adam_step)(const T* const* gradients, Index shards, T* theta, T* m, T* v, Index begin, Index end,
                    const AdamStep<T>& step);
};

/// Returns the updates of one instruction set, or of the one that best() chooses.
template <typename T>
const Updates<T>& updates(const InstructionSet& instruction_set);
template <typename T>
const Updates<T>& updates();

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/updates.ipp"
#endif
