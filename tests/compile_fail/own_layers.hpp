#pragma once

// Layers of one's own for the cases, which add what is wrong with them.

#include <lamina/layers/layer.hpp>

/// A layer without a backward pass. It cannot be trained.
struct Untrained {
  static constexpr std::string_view name = "Mine";
  template <typename>
  using Parameters = lamina::None;
  template <lamina::AnyTensor>
  using Workspace = lamina::None;
  lamina::Shape<2> output_shape(const lamina::Shape<2>& in) const { return in; }
  template <typename T>
  lamina::None initialize(const lamina::Shape<2>&, lamina::Rng) const {
    return {};
  }
  template <typename T>
  void forward(const lamina::None&, const lamina::Tensor<T, 2>& x, lamina::None&, lamina::Tensor<T, 2>& y) const {
    y = x;
  }
};

/// A layer that has all it needs.
struct Whole : Untrained {
  template <typename T>
  void backward(const lamina::None&, const lamina::Tensor<T, 2>&, const lamina::Tensor<T, 2>&,
                const lamina::Tensor<T, 2>& dy, lamina::None&, lamina::Tensor<T, 2>* dx, lamina::None&) const {
    if (dx) *dx = dy;
  }
};
