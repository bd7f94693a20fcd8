#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// A slice of one tensor to update: elements begin … end of θ, of the optimizer's state for it, and of every shard's
/// gradient. Shards are added in their order, so that the sum does not depend on which thread computed them.
template <typename T>
struct ParameterSlice {
  T* theta;
  T* const* state;                      // state_tensors() arrays
  std::span<const T* const> gradients;  // one per shard
  Index begin, end;
  std::uint64_t step = 1;  // number of updates, including this one
  bool bias = false;       // true for a tensor of one axis, such as a bias
};

template <typename T>
using Piece [[deprecated("Piece is called ParameterSlice now")]] = ParameterSlice<T>;

/// An optimizer: a rule that moves parameters along their gradient. It is a constant, as a layer is. Its state between
/// steps consists of values of the parameters' type; the code that runs the steps owns them, and they start at zero.
///
///   check()              throws OptionError for invalid hyper-parameters
///   state_tensors()      returns how many values of the parameters' type it needs as state
///   update(slice, rate)  moves θ, with the learning rate multiplied by `rate`; returns whether every new number is finite.
///                        Several threads call it at once. Declare it noexcept if it never throws: otherwise every step
///                        first copies the parameters, so that an exception leaves them unchanged
///
/// Like losses and layers, it may have a static visit_options(visitor, self…), which calls visitor("momentum",
/// self.momentum…) for each hyper-parameter. These are compared when a checkpoint continues (see CheckpointFolder).
template <typename O>
concept Optimizer = std::copyable<O> && requires(const O& optimizer, const ParameterSlice<float>& slice, double rate) {
  { O::name } -> std::convertible_to<std::string_view>;
  optimizer.check();
  { optimizer.learning_rate } -> std::convertible_to<double>;
  { optimizer.state_tensors() } -> std::convertible_to<std::size_t>;
  { optimizer.update(slice, rate) } -> std::same_as<bool>;
};

namespace detail {

void check_learning_rate(std::string_view who, double rate);

void check_penalty(std::string_view who, const char* what, double value);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/optimizer.ipp"
#endif
