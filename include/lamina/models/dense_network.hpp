#pragma once

#include <cstddef>
#include <vector>

#include "network.hpp"

namespace lamina {

/// What `network` puts between its dense layers, and how it draws what they start from.
struct NetworkOptions {
  AnyLayer<> activation = Sigmoid{};
  AnyInitializer weights = StandardNormal{}, biases = StandardNormal{};
};

/// A network of dense layers of these sizes, the first the number of inputs, with an activation between them. It ends in
/// logits, for SoftmaxCrossEntropy or SigmoidCrossEntropy; for a loss on activations, such as MeanSquaredError, push_back
/// the last one. Images are read as rows. Weights and biases are drawn from N(0, 1), as in Nielsen's "Neural Networks and
/// Deep Learning", chapter 1, unless told otherwise. Throws ShapeError for fewer than two sizes or one below 1.
///
///   Model model{network({784, 30, 10}), Shape{28, 28, 1}, Rng{42}};
///   network({784, 100, 100, 10}, {.activation = ReLU{}, .weights = HeNormal{}, .biases = Zeros{}})
inline Network network(const std::vector<Index>& sizes, const NetworkOptions& options = {}) {
  if (sizes.size() < 2) throw ShapeError(message("network: expects at least two sizes but got ", sizes.size()));
  for (const Index size : sizes)
    if (size < 1) throw ShapeError(message("network: expects sizes of at least 1 but got ", size));
  Network dense{Flatten{}};
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (i > 1) dense.push_back(options.activation);
    dense.push_back(BasicDense<AnyInitializer, AnyInitializer>{sizes[i], options.weights, options.biases});
  }
  dense.expect_inputs(sizes.front());
  return dense;
}

}  // namespace lamina
