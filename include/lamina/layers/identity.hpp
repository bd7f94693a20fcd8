#pragma once

#include <algorithm>

#include "layer.hpp"

namespace LAMINA_NAMESPACE {

/// A branch that changes nothing: y = x. torch.nn.Identity.
///
///   y = x        dx = dy        x, y of any shape
///
///   Mul{Identity{}, Sequential{GlobalAveragePool{}, Conv{.filters = 8, .kernel = 1}, Sigmoid{}}}
///
/// A model has no step for it: the next layer takes its input directly.
struct Identity {
  static constexpr std::string_view name = "Identity";

  template <typename>
  using Parameters = None;
  template <AnyTensor>
  using Workspace = None;

  template <int Rank>
  constexpr Shape<Rank> output_shape(const Shape<Rank>& in) const {
    return in;
  }

  template <typename T, int Rank>
  None initialize(const Shape<Rank>&, Rng) const {
    return {};
  }

  /// Adds nothing to a program. append_to adds nothing to a list of layers.
  template <AnyTensor, typename Lowering>
  void lower(Lowering&) const {}
  template <typename Network>
  void append_to(Network&) const {}

  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, Rank>& y) const {
    copy(x, y);
  }
  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>&, const Tensor<T, Rank>&, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    if (dx) copy(dy, *dx);
  }

 private:
  template <typename T, int Rank>
  static void copy(const Tensor<T, Rank>& from, Tensor<T, Rank>& to) {
    reshape(to, shape(from));
    std::copy_n(from.data(), from.size(), to.data());
  }
};

}  // namespace lamina
