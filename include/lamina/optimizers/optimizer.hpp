#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// A piece of one tensor that is to be moved: elements begin … end of θ, of what the optimizer remembers beside it, and
/// of every shard's gradient. Shards are added in their order, so that the sum does not depend on who computed them.
template <typename T>
struct Piece {
  T* theta;
  T* const* memory;                     // as many as the optimizer's memories()
  std::span<const T* const> gradients;  // one per shard
  Index begin, end;
  std::uint64_t step = 1;  // how many updates there have been, this one included
  bool bias = false;       // whether the tensor has one axis, as biases do
};

/// How parameters move along their gradient. A constant, as a layer is: what it remembers between steps are values of
/// the parameters' type, kept by who runs the steps and starting at zero.
///
///   check()              throws OptionError for hyper-parameters that cannot be
///   memories()           how many values of the parameters' type it remembers
///   update(piece, rate)  moves θ, with the learning rate multiplied by `rate`; whether every new number is finite. It runs
///                        on several threads at once. Declare it noexcept if it never throws: else every step first
///                        copies the parameters, so that an exception leaves them as they were
///
/// It may have, as losses and layers may, a static visit_options(visitor, self…), which calls visitor("momentum",
/// self.momentum…) for each hyper-parameter: by them a kept run is told from another (see RunFolder).
template <typename O>
concept Optimizer = std::copyable<O> && requires(const O& optimizer, const Piece<float>& piece, double rate) {
  { O::name } -> std::convertible_to<std::string_view>;
  optimizer.check();
  { optimizer.learning_rate } -> std::convertible_to<double>;
  { optimizer.memories() } -> std::convertible_to<std::size_t>;
  { optimizer.update(piece, rate) } -> std::same_as<bool>;
};

namespace detail {

void check_learning_rate(std::string_view who, double rate);

void check_penalty(std::string_view who, const char* what, double value);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/optimizer.ipp"
#endif
