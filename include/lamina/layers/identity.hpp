#pragma once

#include <algorithm>

#include "elementwise.hpp"

namespace LAMINA_NAMESPACE {

/// A branch that changes nothing: y = x. torch.nn.Identity.
///
///   y = x        dx = dy        x, y of any shape
///
///   Mul{Identity{}, Sequential{GlobalAveragePool{}, Conv{.filters = 8, .kernel = 1}, Sigmoid{}}}
///
/// A model has no step for it: the next layer takes its input directly.
struct Identity : Elementwise<Identity> {
  static constexpr std::string_view name = "Identity";

  /// Adds nothing to a program. append_to adds nothing to a list of layers.
  template <AnyTensor, typename Lowering>
  void lower(Lowering&) const {}
  template <typename Network>
  void append_to(Network&) const {}

  template <typename T>
  void map(const T* x, T* y, Index n) const {
    std::copy_n(x, n, y);
  }
  template <typename T>
  void map_backward(const T* /*x*/, const T* /*y*/, const T* dy, T* dx, Index n) const {
    std::copy_n(dy, n, dx);
  }
};

}  // namespace lamina
