#pragma once

#include <cmath>
#include <concepts>
#include <span>
#include <string_view>

#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "../kernels/editions.hpp"

namespace lamina {

/// A piece of one tensor that is to be moved: elements begin … end of θ, of what the optimizer remembers beside it, and
/// of every shard's gradient. Shards are added in their order, so that the sum does not depend on who computed them.
template <typename T>
struct Piece {
  T* theta;
  T* const* memory;                     // as many as the optimizer's memories()
  std::span<const T* const> gradients;  // one per shard
  Index begin, end;
};

/// How parameters move along their gradient. A constant, as a layer is: what it remembers between steps are values of
/// the parameters' type, kept by who runs the steps and starting at zero.
///
///   check()              throws OptionError for hyper-parameters that cannot be
///   memories()           how many values of the parameters' type it remembers
///   update(piece, rate)  moves θ, with the learning rate multiplied by `rate`; whether every new number is finite
template <typename O>
concept Optimizer = std::copyable<O> && requires(const O& optimizer, const Piece<float>& piece, double rate) {
  { O::name } -> std::convertible_to<std::string_view>;
  optimizer.check();
  { optimizer.learning_rate } -> std::convertible_to<double>;
  { optimizer.memories() } -> std::convertible_to<std::size_t>;
  { optimizer.update(piece, rate) } -> std::same_as<bool>;
};

/// Stochastic gradient descent, as PyTorch defines it (torch.optim.SGD, dampening 0):
///
///   g ← ∂loss/∂θ + weight_decay·θ
///   v ← momentum·v + g                                          (v = 0 at first)
///   θ ← θ − learning_rate·v            or, with nesterov,  θ ← θ − learning_rate·(g + momentum·v)
///
/// Sutskever et al. 2013 for momentum and Nesterov's form; weight decay is the gradient of (weight_decay/2)·|θ|².
struct SGD {
  double learning_rate = 0.01;
  double momentum = 0.0;
  double weight_decay = 0.0;
  bool nesterov = false;

  static constexpr std::string_view name = "SGD";

  void check() const {
    if (!std::isfinite(learning_rate) || learning_rate <= 0)
      throw OptionError(message("SGD: expects a finite learning_rate above 0 but got ", learning_rate));
    if (!(momentum >= 0 && momentum < 1))
      throw OptionError(message("SGD: expects a momentum of at least 0 and below 1 but got ", momentum));
    if (!std::isfinite(weight_decay) || weight_decay < 0)
      throw OptionError(message("SGD: expects a finite weight_decay of at least 0 but got ", weight_decay));
    if (nesterov && momentum == 0) throw OptionError("SGD: nesterov expects a momentum above 0 but got 0");
  }

  /// The velocity v, where there is momentum.
  std::size_t memories() const { return momentum > 0 ? 1 : 0; }

  template <typename T>
  bool update(const Piece<T>& piece, double rate) const {
    const kernels::SgdStep<T> step{.learning_rate = static_cast<T>(learning_rate * rate),
                                   .momentum = static_cast<T>(momentum),
                                   .weight_decay = static_cast<T>(weight_decay),
                                   .nesterov = nesterov};
    return kernels::best<T>().sgd_step(piece.gradients.data(), static_cast<Index>(piece.gradients.size()), piece.theta,
                                       momentum > 0 ? piece.memory[0] : nullptr, piece.begin, piece.end, step);
  }
};

static_assert(Optimizer<SGD>);

}  // namespace lamina
