#pragma once

#include "../kernels/activations.hpp"
#include "elementwise.hpp"

namespace LAMINA_NAMESPACE {

/// A rectifier with a small slope on the negative side, so that no unit is ever dead. Maas et al. 2013.
///
///   y = x for x > 0, else slope·x        x, y of any shape
///
/// Both sides are straight lines, therefore
///
///   f′(x) = 1 for x > 0, else slope        dx = dy for x > 0, else slope·dy
struct LeakyReLU {
  double slope = 0.01;

  static constexpr std::string_view name = "LeakyReLU";

  template <typename Visitor, typename... Self>
  static void visit_options(Visitor&& visitor, Self&... self) {
    visitor("slope", self.slope...);
  }

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

  // It does not derive from Elementwise, because g++ would warn users of .slope about a base without an initializer.
  template <typename T, int Rank>
  void forward(const None&, const Tensor<T, Rank>& x, None&, Tensor<T, Rank>& y) const {
    detail::map(*this, x, y);
  }
  template <typename T, int Rank>
  void backward(const None&, const Tensor<T, Rank>& x, const Tensor<T, Rank>& y, const Tensor<T, Rank>& dy, None&,
                Tensor<T, Rank>* dx, None&) const {
    detail::map_backward(*this, x, y, dy, dx);
  }

  template <typename T>
  void map(const T* x, T* y, Index n) const {
    kernels::activations<T>().leaky_relu(static_cast<T>(slope), x, y, n);
  }
  template <typename T>
  void map_backward(const T* x, const T* /*y*/, const T* dy, T* dx, Index n) const {
    kernels::activations<T>().leaky_relu_backward(static_cast<T>(slope), x, dy, dx, n);
  }
};

}  // namespace lamina
