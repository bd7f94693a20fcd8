#pragma once

#include <vector>

#include "network.hpp"

namespace LAMINA_NAMESPACE {

/// The activation between the dense layers of `network`, and the initializers of their parameters.
struct MLPOptions {
  detail::AnyLayer<> activation = Sigmoid{};
  detail::AnyInitializer weights = StandardNormal{}, biases = StandardNormal{};
};

using NetworkOptions [[deprecated("NetworkOptions is called MLPOptions now")]] = MLPOptions;

/// Returns a network of dense layers with these sizes, the first of which is the number of inputs, and an activation
/// between them. It ends in logits, for SoftmaxCrossEntropy or SigmoidCrossEntropy. For a loss on activations, such as
/// MeanSquaredError, push_back the last activation. Images are read as rows. By default weights and biases are drawn from
/// N(0, 1), as in Nielsen's "Neural Networks and Deep Learning", chapter 1. Throws ShapeError for fewer than two sizes or
/// one below 1.
///
///   Model model{mlp({784, 30, 10}), Shape{28, 28, 1}, Rng{42}};
///   mlp({784, 100, 100, 10}, {.activation = ReLU{}, .weights = HeNormal{}, .biases = Zeros{}})
Network mlp(const std::vector<Index>& sizes, const MLPOptions& options = {});

[[deprecated("network(sizes) is called mlp(sizes) now")]] inline Network network(const std::vector<Index>& sizes,
                                                                              const MLPOptions& options = {}) {
  return mlp(sizes, options);
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/mlp.ipp"
#endif
