#pragma once

#include <vector>

#include "network.hpp"

namespace LAMINA_NAMESPACE {

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
Network network(const std::vector<Index>& sizes, const NetworkOptions& options = {});

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/dense_network.ipp"
#endif
