#pragma once

// A network small enough for a pencil: its forward pass, every gradient, one step. README.md explains it, main.cpp prints it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>

namespace by_hand {

using namespace lamina;

using Image = Tensor<double, 4>;
using Row = Tensor<double, 2>;

inline constexpr Conv conv{.filters = 1, .kernel = 3, .padding = 1};
inline constexpr ReLU relu{};
inline constexpr MaxPool pool{.window = 2};
inline constexpr Flatten flatten{};
inline constexpr Dense dense{.units = 3};
inline constexpr double learning_rate = 0.01;
inline const std::vector<std::int32_t> label{0};

struct Parameters {
  Conv::Parameters<double> conv;    // w1 (3, 3, 1, 1), b1 (1)
  Dense::Parameters<double> dense;  // w2 (3, 4), b2 (3)
};

/// What a forward pass leaves for the backward pass.
struct Forward {
  Image z1, a1;  // (1, 4, 4, 1)
  Image m1;      // (1, 2, 2, 1)
  Row r;         // (1, 4)
  Row z2, a2;    // (1, 3)
  double J = 0;
  Row dz2;  // of the loss
  Conv::Workspace<Image> conv;
  MaxPool::Workspace<Image> pool;
  Dense::Workspace<Row> dense;
};

/// Each has the shape of what it belongs to.
struct Gradients {
  Row dr;
  Image dm1, da1, dz1, dx;
  Parameters dp;
};

template <int Rank>
void fill(Tensor<double, Rank>& tensor, const Shape<Rank>& extents, std::initializer_list<double> numbers) {
  reshape(tensor, extents);
  std::copy(numbers.begin(), numbers.end(), tensor.data());
}

inline Image image() {
  Image x;
  fill(x, Shape{1, 4, 4, 1}, {1, 2, 2, 0, 0, 0, 2, 1, 0, 1, 2, 0, 0, 2, 1, 0});
  return x;
}

inline Parameters parameters() {
  Parameters p;
  fill(p.conv.weight, Shape{3, 3, 1, 1}, {1, 2, 0, 1, -1, 0, 0, 0, 0});
  fill(p.conv.bias, Shape{1}, {-1});
  fill(p.dense.weight, Shape{3, 4}, {0, -1, 1, 1, -1, 2, 0, 0, 1, 1, -1, -1});
  fill(p.dense.bias, Shape{3}, {0, std::log(2.0), 0});
  return p;
}

inline Forward forward(const Parameters& p, const Image& x) {
  Forward f;
  None none;
  conv.forward(p.conv, x, f.conv, f.z1);
  relu.forward(none, f.z1, none, f.a1);
  pool.forward(none, f.a1, f.pool, f.m1);
  flatten.forward(none, f.m1, none, f.r);
  dense.forward(p.dense, f.r, f.dense, f.z2);
  Softmax{}.forward(none, f.z2, none, f.a2);  // to look at: the loss takes z2
  f.J = SoftmaxCrossEntropy{}(f.z2, label, 1, f.dz2);
  return f;
}

inline Gradients backward(const Parameters& p, const Image& x, Forward& f) {
  Gradients g;
  None none;
  dense.backward(p.dense, f.r, f.z2, f.dz2, f.dense, &g.dr, g.dp.dense);
  flatten.backward(none, f.m1, f.r, g.dr, none, &g.dm1, none);
  pool.backward(none, f.a1, f.m1, g.dm1, f.pool, &g.da1, none);
  relu.backward(none, f.z1, f.a1, g.da1, none, &g.dz1, none);
  conv.backward(p.conv, x, f.z1, g.dz1, f.conv, &g.dx, g.dp.conv);
  return g;
}

/// (J(θ + h) − J(θ − h)) / 2h for every number of one of p's tensors.
template <int Rank>
Tensor<double, Rank> quotients(Parameters& p, Tensor<double, Rank>& theta, const Image& x) {
  constexpr double h = 1e-5;
  Tensor<double, Rank> slopes = theta;
  for (Index i = 0; i < theta.size(); ++i) {
    const double here = theta.data()[i];
    theta.data()[i] = here + h;
    const double above = forward(p, x).J;
    theta.data()[i] = here - h;
    const double below = forward(p, x).J;
    theta.data()[i] = here;
    slopes.data()[i] = (above - below) / (2 * h);
  }
  return slopes;
}

/// θ ← θ − η·∂J/∂θ
inline Parameters step(Parameters p, const Parameters& dp) {
  const auto move = [](auto& theta, const auto& dtheta) { theta -= dtheta * learning_rate; };
  visit_parameters(move, p.conv, dp.conv);
  visit_parameters(move, p.dense, dp.dense);
  return p;
}

}  // namespace by_hand
