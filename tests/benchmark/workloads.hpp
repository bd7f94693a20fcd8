#pragma once

// The small known networks that the benchmark trains and asks, and images for them. compare.py has the same in PyTorch.

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "../../include/lamina/data/drawn_digits.hpp"
#include "../../include/lamina/data/mnist.hpp"
#include "../../include/lamina/layers/conv.hpp"
#include "../../include/lamina/layers/dense.hpp"
#include "../../include/lamina/layers/flatten.hpp"
#include "../../include/lamina/layers/pool.hpp"
#include "../../include/lamina/layers/relu.hpp"
#include "../../include/lamina/layers/sigmoid.hpp"
#include "../../include/lamina/models/sequential.hpp"

namespace workloads {

using namespace lamina;

inline constexpr auto seed8 = Sequential{
    Conv{.filters = 8, .kernel = 3}, ReLU{}, MaxPool{.window = 2}, Flatten{}, Dense{.units = 10},
};
inline constexpr auto mnist_deep = Sequential{
    Conv{.filters = 32, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 64, .kernel = 3}, ReLU{}, MaxPool{.window = 2},
    Flatten{}, Dense{.units = 128}, ReLU{}, Dense{.units = 10},
};
inline constexpr auto lenet = Sequential{
    Conv{.filters = 6, .kernel = 5, .padding = 2}, ReLU{}, MaxPool{.window = 2},
    Conv{.filters = 16, .kernel = 5}, ReLU{}, MaxPool{.window = 2},
    Flatten{}, Dense{.units = 120}, ReLU{}, Dense{.units = 84}, ReLU{}, Dense{.units = 10},
};
constexpr Conv same(Index filters) { return {.filters = filters, .kernel = 3, .padding = 1}; }
inline constexpr auto cifar_vgg = Sequential{
    same(64), ReLU{}, same(64), ReLU{}, MaxPool{.window = 2},
    same(128), ReLU{}, same(128), ReLU{}, MaxPool{.window = 2},
    same(256), ReLU{}, same(256), ReLU{}, MaxPool{.window = 2},
    Flatten{}, Dense{.units = 256}, ReLU{}, Dense{.units = 10},
};
inline constexpr auto mlp = Sequential{Dense{.units = 30}, Sigmoid{}, Dense{.units = 10}};

inline constexpr Shape digit{28, 28, 1};
inline constexpr Shape digit_row{784};
inline constexpr Shape picture{32, 32, 3};
inline constexpr Shape photograph{224, 224, 3};

/// How a network is trained: the size of its batches and into how many shards each is cut.
struct Cut {
  Index batch_size;
  std::optional<Index> shards{};
};

/// visit(name, network, a sample's shape, Cut) for each. The gradients of cifar-vgg are 9 MB a shard: two shards, which
/// two threads can share, take less memory to sum and less often transform its weights.
template <typename Visitor>
void for_each(const Visitor& visit) {
  visit("seed8", seed8, digit, Cut{32});
  visit("mnist-deep", mnist_deep, digit, Cut{128});
  visit("lenet", lenet, digit, Cut{64});
  visit("mlp", mlp, digit_row, Cut{10});
  visit("cifar-vgg", cifar_vgg, picture, Cut{64, 2});
}

/// GaussianNoise of these extents with random classes.
template <int Rank>
Dataset<Rank> noise(Index count, const Shape<Rank>& sample) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * sample.size()));
  std::vector<std::int32_t> labels;
  Rng rng{1};
  for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(rng.below(256));
  for (Index n = 0; n < count; ++n) labels.push_back(static_cast<std::int32_t>(rng.below(10)));
  return Dataset<Rank>(pixels, sample, labels, {.classes = 10});
}

/// MNIST's 60,000 training digits where LAMINA_DATA_DIR names a folder with its files, else as many that are repeated
/// from a thousand drawn ones: as much memory to gather from.
inline Dataset<3> read_digits() {
  const char* folder = std::getenv("LAMINA_DATA_DIR");
  if (folder && *folder) return mnist(folder).train;
  const DrawnDigits drawn = draw_digits(1000, Rng{1});
  std::vector<std::uint8_t> pixels;
  std::vector<std::int32_t> labels;
  for (int copy = 0; copy < 60; ++copy) {
    pixels.insert(pixels.end(), drawn.images.data(), drawn.images.data() + drawn.images.size());
    labels.insert(labels.end(), drawn.labels.begin(), drawn.labels.end());
  }
  return Dataset<3>(pixels, digit, labels, {.classes = 10});
}

inline const Dataset<3>& digits() {
  static const Dataset<3> read = read_digits();
  return read;
}

/// Images of this shape: digits, digits as rows, or coloured noise.
inline const Dataset<3>& images(const Shape<3>& sample) {
  if (sample == digit) return digits();
  static const Dataset<3> pictures = noise(2000, picture), photographs = noise(16, photograph);
  return sample == picture ? pictures : photographs;
}
inline const Dataset<1>& images(const Shape<1>& sample) {
  static const Dataset<1> rows(digits().bytes(), sample, digits().labels(), {.classes = 10});
  return rows;
}

}  // namespace workloads
