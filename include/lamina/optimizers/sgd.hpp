#pragma once

#include <cmath>
#include <string_view>

#include "../kernels/updates.hpp"
#include "optimizer.hpp"

namespace LAMINA_NAMESPACE {

/// Stochastic gradient descent as in PyTorch (torch.optim.SGD, dampening 0):
///
///   g ← ∂loss/∂θ + weight_decay·θ + l1·sign(θ)
///   v ← momentum·v + g                                          (v = 0 at first)
///   θ ← θ − learning_rate·v            or, with nesterov,  θ ← θ − learning_rate·(g + momentum·v)
///
/// Sutskever et al. 2013 for momentum and Nesterov's form. The penalties are those of a loss with the terms
/// (weight_decay/2)·Σθ² (L2) and l1·Σ|θ| (L1, Tibshirani 1996), by their gradient and, at 0, the subgradient 0. L1 makes
/// small numbers hover about 0 instead of reaching it. Biases are penalised too, as in PyTorch, unless decay_biases is off.
struct SGD {
  double learning_rate = 0.01;
  double momentum = 0.0;
  double weight_decay = 0.0;
  bool nesterov = false;
  double l1 = 0.0;
  bool decay_biases = true;

  static constexpr std::string_view name = "SGD";

  void check() const;

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("learning_rate", self.learning_rate...);
    visitor("momentum", self.momentum...);
    visitor("weight_decay", self.weight_decay...);
    visitor("nesterov", self.nesterov...);
    visitor("l1", self.l1...);
    visitor("decay_biases", self.decay_biases...);
  }

  /// Returns 1 with momentum, for the velocity v, otherwise 0.
  std::size_t state_tensors() const { return momentum > 0 ? 1 : 0; }

  template <typename T>
  bool update(const ParameterSlice<T>& slice, double rate) const noexcept {
    const bool decays = decay_biases || !slice.bias;
    const kernels::SgdStep<T> step{.learning_rate = static_cast<T>(learning_rate * rate),
                                   .momentum = static_cast<T>(momentum),
                                   .weight_decay = static_cast<T>(decays ? weight_decay : 0),
                                   .nesterov = nesterov,
                                   .l1 = static_cast<T>(decays ? l1 : 0)};
    return kernels::updates<T>().sgd_step(slice.gradients.data(), static_cast<Index>(slice.gradients.size()), slice.theta,
                                       momentum > 0 ? slice.state[0] : nullptr, slice.begin, slice.end, step);
  }
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/sgd.ipp"
#endif
