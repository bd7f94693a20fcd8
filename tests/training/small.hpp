#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/sigmoid_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/training/trainer.hpp>

#include "../parameters.hpp"
#include "../refusal.hpp"

/// Networks and data sets that train in no time.
namespace small {

using namespace lamina;

inline constexpr Shape<3> image{8, 8, 1};
inline constexpr Index classes = 3;

/// 8 × 8 noise with a bright bar: upright, lying or slanting. A class each, easy to tell apart.
inline Dataset<3> bars(Index count, std::uint64_t seed = 1) {
  Tensor<float, 4> x(count, 8, 8, 1);
  std::vector<std::int32_t> labels;
  for (Index n = 0; n < count; ++n) {
    Rng rng = Rng(seed).split(static_cast<std::uint64_t>(n));
    for (Index i = 0; i < 64; ++i) x.data()[n * 64 + i] = static_cast<float>(0.2 * rng.uniform());
    const Index label = rng.below(classes), place = rng.below(8);
    for (Index i = 0; i < 8; ++i)
      x(n, label == 1 ? place : i, label == 0 ? place : label == 1 ? i : (i + place) % 8, 0) = 1;
    labels.push_back(static_cast<std::int32_t>(label));
  }
  return Dataset<3>(std::move(x), std::move(labels), {.classes = classes});
}

/// Rows of five numbers in −1 … 1 and rows of two targets.
inline Dataset<1> curve(Index count, std::uint64_t seed = 2) {
  Rng rng(seed);
  Tensor<float, 2> x(count, 5), y(count, 2);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(rng.uniform(-1, 1));
  for (Index n = 0; n < count; ++n) {
    y(n, 0) = 0.5F * x(n, 0) + 0.25F;
    y(n, 1) = x(n, 1) * x(n, 2);
  }
  return Dataset<1>(std::move(x), std::move(y));
}

/// With everything that draws on workspaces: 3 × 3 kernels over images of 8 × 8.
inline constexpr auto convolutional = Sequential{
    Conv{.filters = 5, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 4, .kernel = 2}, ReLU{}, Flatten{}, Dense{.units = 7}, Tanh{}, Dense{.units = classes},
};
inline constexpr auto perceptron = Sequential{Dense{.units = 9}, Tanh{}, Dense{.units = 2}};

inline Model convolutional_model(
    std::uint64_t seed = 7) {
  return {convolutional, image, Rng{seed}};
}
inline Model perceptron_model(std::uint64_t seed = 7) {
  return {perceptron, Shape{5}, Rng{seed}};
}

/// A digest of every bit of a model's parameters, in order: FNV-1a of 64 bits.
template <typename M>
std::uint64_t digest(const M& model) {
  std::uint64_t hash = 0xcbf29ce484222325;
  visit_parameters(
      [&](const auto& tensor) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(tensor.data());
        for (std::size_t i = 0; i < static_cast<std::size_t>(tensor.size()) * sizeof(*tensor.data()); ++i)
          hash = (hash ^ bytes[i]) * 0x100000001b3;
      },
      model.parameters());
  return hash;
}

/// The largest difference between two equally many numbers.
inline double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = a.size() == b.size() ? 0 : 1e300;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double apart = std::abs(a[i] - b[i]);
    if (!(apart <= largest)) largest = std::isnan(apart) ? 1e300 : apart;
  }
  return largest;
}

}  // namespace small
