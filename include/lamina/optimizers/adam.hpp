#pragma once

#include <cmath>
#include <string_view>

#include "../core/error.hpp"
#include "../kernels/updates.hpp"
#include "optimizer.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Throws OptionError, in the name of Adam or of AdamW, for invalid options.
template <typename A>
void check_adam(const A& adam) {
  check_learning_rate(A::name, adam.learning_rate);
  const auto check_beta = [](const char* what, double beta) {
    if (!(beta >= 0 && beta < 1)) throw OptionError(str_cat(A::name, ": expects ", what, " of at least 0 and below 1 but got ", beta));
  };
  check_beta("beta1", adam.beta1);
  check_beta("beta2", adam.beta2);
  if (!std::isfinite(adam.epsilon) || adam.epsilon < 1e-30)
    throw OptionError(str_cat(A::name, ": expects a finite epsilon of at least 1e-30 but got ", adam.epsilon));
  check_penalty(A::name, "weight_decay", adam.weight_decay);
  check_penalty(A::name, "l1", adam.l1);
}

template <typename Visitor, typename... As>
void visit_adam_options(Visitor& visitor, As&... adam) {
  visitor("learning_rate", adam.learning_rate...);
  visitor("beta1", adam.beta1...);
  visitor("beta2", adam.beta2...);
  visitor("epsilon", adam.epsilon...);
  visitor("weight_decay", adam.weight_decay...);
  visitor("l1", adam.l1...);
  visitor("decay_biases", adam.decay_biases...);
}

/// Makes the step of both optimizers. `decay` is the share of θ that is added to the gradient, `shrink` the share that θ
/// loses besides.
template <typename A, typename T>
bool adam_update(const A& adam, const ParameterSlice<T>& slice, double rate, double decay, double shrink) {
  const double t = static_cast<double>(slice.step);
  const kernels::AdamStep<T> step{.beta1 = static_cast<T>(adam.beta1),
                                  .beta1_rest = static_cast<T>(1 - adam.beta1),
                                  .beta2 = static_cast<T>(adam.beta2),
                                  .beta2_rest = static_cast<T>(1 - adam.beta2),
                                  .rate = static_cast<T>(rate / (1 - std::pow(adam.beta1, t))),
                                  .root = static_cast<T>(1 / std::sqrt(1 - std::pow(adam.beta2, t))),
                                  .epsilon = static_cast<T>(adam.epsilon),
                                  .l1 = static_cast<T>(adam.decay_biases || !slice.bias ? adam.l1 : 0),
                                  .weight_decay = static_cast<T>(decay),
                                  .keep = static_cast<T>(1 - shrink)};
  return kernels::updates<T>().adam_step(slice.gradients.data(), static_cast<Index>(slice.gradients.size()), slice.theta,
                                      slice.state[0], slice.state[1], slice.begin, slice.end, step);
}

}  // namespace detail

/// Adam: each number has its own step, the running mean of its gradient over the root of the running mean of its square.
/// Kingma and Ba 2015, algorithm 1, as in PyTorch (torch.optim.Adam, without amsgrad). In step t = 1, 2, …
///
///   g ← ∂loss/∂θ + weight_decay·θ + l1·sign(θ)
///   m ← β₁·m + (1 − β₁)·g            v ← β₂·v + (1 − β₂)·g²            (m = v = 0 at first)
///   θ ← θ − learning_rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + epsilon)
///
/// The divisions by 1 − βᵗ correct for the start at 0. The penalties are those of SGD. They pass through m and v, so that
/// they hardly affect a number with large gradients: see AdamW.
struct Adam {
  double learning_rate = 0.001;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;
  double l1 = 0.0;
  bool decay_biases = true;

  static constexpr std::string_view name = "Adam";

  void check() const { detail::check_adam(*this); }

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    detail::visit_adam_options(visitor, self...);
  }

  /// Returns 2: m and v.
  std::size_t state_tensors() const { return 2; }

  template <typename T>
  bool update(const ParameterSlice<T>& slice, double rate) const noexcept {
    return detail::adam_update(*this, slice, learning_rate * rate, decay_biases || !slice.bias ? weight_decay : 0, 0);
  }
};

/// Adam with weight decay outside the gradient, so that every number shrinks by the same share. Loshchilov and Hutter
/// 2019, algorithm 2, as in PyTorch (torch.optim.AdamW): with g ← ∂loss/∂θ + l1·sign(θ) and m, v as in Adam,
///
///   θ ← (1 − learning_rate·weight_decay)·θ − learning_rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + epsilon)
struct AdamW {
  double learning_rate = 0.001;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  double l1 = 0.0;
  bool decay_biases = true;

  static constexpr std::string_view name = "AdamW";

  void check() const { detail::check_adam(*this); }

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    detail::visit_adam_options(visitor, self...);
  }

  /// Returns 2: m and v.
  std::size_t state_tensors() const { return 2; }

  template <typename T>
  bool update(const ParameterSlice<T>& slice, double rate) const noexcept {
    const double decay = decay_biases || !slice.bias ? weight_decay : 0;
    return detail::adam_update(*this, slice, learning_rate * rate, 0, learning_rate * rate * decay);
  }
};

}  // namespace lamina
