#pragma once

#include <lamina/models/model.hpp>
#include <set>

#include "../catch.hpp"
#include "layers_one_by_one.hpp"
#include "random_network.hpp"

/// Returns a model as if its layers had measured something.
template <typename T>
lamina::BasicModel<T> measured(lamina::BasicModel<T> model) {
  lamina::Rng rng(9);
  lamina::detail::visit_buffers(
      [&](auto& tensor) {
        for (lamina::Index i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<T>(rng.uniform(0.5, 2));
      },
      model.parameters());
  return model;
}

/// Calls give(model) for what every exchange with another program is tested on: a Sequential of Sequentials in float and in
/// double, each layer by itself, and networks drawn at random, others for another first seed.
template <typename Give>
void give_networks(const Give& give, std::uint64_t first_seed) {
  using namespace lamina;
  give(Model{nested, Shape{7, 11, 2}, Rng{1}});
  give(BasicModel<double>{nested, Shape{7, 11, 2}, Rng{1}});
  std::set<std::size_t> kinds;
  for (const Layers& layers : one_by_one()) {
    Network network;
    for (const auto& layer : layers) {
      kinds.insert(layer.index());
      std::visit([&](const auto& own) { network.push_back(own); }, layer);
    }
    give(measured(Model{network, Shape{6, 9, 3}, Rng{1}}));
  }
  CHECK(kinds.size() + 4 == std::variant_size_v<detail::AnyLayer<>>);  // all but From, Add, Mul and Concat
  for (std::uint64_t i = 0; i < 24; ++i) {
    const auto [network, sample] = random_network(Rng{first_seed + i});
    give(measured(Model{network, sample, Rng{i}}));
  }
}
