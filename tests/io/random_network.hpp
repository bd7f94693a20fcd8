#pragma once

#include <lamina/models/network.hpp>
#include <utility>

/// A network drawn at random: up to five layers on images, whatever fits of their kernels, strides and paddings, Flatten,
/// up to three dense layers with activations; on images of a random shape.
inline std::pair<lamina::Network, lamina::Shape<3>> random_network(lamina::Rng rng) {
  using namespace lamina;
  const auto from = [&](Index low, Index high) { return low + rng.below(high - low + 1); };
  const auto size = [&](Index low, Index high) { return Size2D(from(low, high), from(low, high)); };
  const auto activation = [&]() -> detail::AnyLayer<> {
    switch (from(0, 5)) {
      case 4: return BatchNorm{.momentum = rng.uniform(), .epsilon = 0.001 + rng.uniform()};
      case 0: return LeakyReLU{.slope = rng.uniform()};
      case 1: return Sigmoid{};
      case 2: return Tanh{};
      case 3: return Dropout{.rate = rng.uniform()};
      default: return ReLU{};
    }
  };
  const auto on_images = [&]() -> detail::AnyLayer<> {
    const Size2D window = size(1, 4), padding(rng.below(window.height / 2 + 1), rng.below(window.width / 2 + 1));
    const detail::PoolStride stride = from(0, 1) ? detail::PoolStride(size(1, 3)) : detail::PoolStride();
    switch (from(0, 5)) {
      case 0: return MaxPool{.window = window, .stride = stride, .padding = padding};
      case 1: return AvgPool{.window = window, .stride = stride, .padding = padding};
      case 2: return activation();
      default:
        return detail::ListedConv{
            .filters = from(1, 20), .kernel = size(1, 5), .stride = size(1, 2), .padding = size(0, 2), .bias = from(0, 2) > 0};
    }
  };
  const auto push = [](Network& network, const detail::AnyLayer<>& layer) {
    std::visit([&](const auto& own) { network.push_back(own); }, layer);
  };

  const Shape sample{from(5, 16), from(5, 16), from(1, 4)};
  const auto fits = [&](Network network) {
    network.push_back(Flatten{});
    try {
      return network.output_shape(detail::batch_shape(1, sample))[1] > 0;
    } catch (const ShapeError&) {
      return false;
    }
  };
  Network network;
  for (Index i = from(0, 5); i > 0; --i) {
    Network longer = network;
    push(longer, on_images());
    if (!fits(longer)) continue;
    network = longer;
    if (from(0, 1)) push(network, activation());
  }
  network.push_back(Flatten{});
  for (Index i = from(0, 2); i > 0; --i) {
    if (from(0, 1)) push(network, activation());
    push(network, detail::ListedDense{.units = from(1, 30)});
    if (from(0, 1)) push(network, activation());
  }
  push(network, detail::ListedDense{.units = from(1, 10)});
  if (from(0, 3) == 0) network.push_back(Softmax{});
  return {network, sample};
}
