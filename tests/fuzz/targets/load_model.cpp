// Models rebuilt from files alone: within the limits, and what was rebuilt is saved and rebuilt the same.

#include <lamina/io/load_model.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/models/mlp.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;

void load(std::span<const std::byte> file) {
  const auto [model, metadata] = load_model_bytes(file, {.layers = 20, .numbers = 1 << 12, .multiply_adds = 1 << 18});
  const auto again = load_model_bytes(save_bytes(model, metadata));
  std::vector<const std::byte*> places;
  visit_parameters([&](const auto& tensor) { places.push_back(reinterpret_cast<const std::byte*>(tensor.data())); },
                   again.model.parameters());
  std::size_t next = 0;
  bool same = true;
  visit_parameters(
      [&](const auto& tensor) {
        const auto bytes = std::as_bytes(std::span(tensor.data(), static_cast<std::size_t>(tensor.size())));
        same = same && next < places.size() && std::equal(bytes.begin(), bytes.end(), places[next++]);
      },
      model.parameters());
  fuzz::require(same && next == places.size(), "a model is not rebuilt again the same");
}

void read(std::span<const std::byte> file) {
  fuzz::read_in_any_way([&] { load(file); });
}

std::vector<fuzz::Bytes> seeds() {
  const Metadata metadata{.normalisation = {{0.25}, {2}}, .class_names = {"cat", "d\"og\n", "\xC3\xA9"}};
  const Network images{Conv{.filters = 2, .kernel = 2, .stride = 1, .padding = 1},
                       LeakyReLU{},
                       MaxPool{.window = 2},
                       Dropout{.rate = 0.25},
                       Flatten{},
                       Dense{.units = 3}};
  const Network pooled{AvgPool{.window = 3, .stride = 2, .padding = 1}, Flatten{}, Dense{.units = 2}, Sigmoid{}};
  return {save_bytes(Model{images, Shape{4, 5, 1}, Rng{1}}, metadata), save_bytes(Model{pooled, Shape{5, 4, 2}, Rng{2}}),
          save_bytes(Model{mlp({4, 3, 2}), Shape{4}, Rng{3}})};
}

/// Of the limits: numbers on the way, in and out of each layer, and the kernels' room.
const fuzz::Known known({"load_model", read, [](std::size_t size) { return 64 * size + (std::size_t{1} << 21); },
                         seeds});

}  // namespace
