#pragma once

#include "../kernels/activations.hpp"
#include "elementwise.hpp"

namespace LAMINA_NAMESPACE {

/// The rectifier.
///
///   y = max(x, 0)        x, y of any shape
///
/// It is x above 0 and constant below, therefore
///
///   f′(x) = 1 for x > 0, else 0        dx = dy where x > 0, else 0
///
/// At 0 there is no derivative; it is set to 0, as in PyTorch and TensorFlow.
struct ReLU : Elementwise<ReLU> {
  static constexpr std::string_view name = "ReLU";

  template <typename T>
  void map(const T* x, T* y, Index n) const {
    kernels::activations<T>().relu(x, y, n);
  }
  template <typename T>
  void map_backward(const T* x, const T* /*y*/, const T* dy, T* dx, Index n) const {
    kernels::activations<T>().relu_backward(x, dy, dx, n);
  }
};

}  // namespace lamina
