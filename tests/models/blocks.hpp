#pragma once

// What the tests of residual blocks and of branches share.

#include <lamina/io/load_model.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/network.hpp>

#include <initializer_list>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../parameters.hpp"
#include "../tensors.hpp"
#include "../training/small.hpp"

namespace small {

/// A model with the parameters of another, whose tensors have other names.
inline Model with_numbers(Model model, const Model& from) {
  detail::TensorViews<float> to, of;
  model.parameters().find(to);
  from.parameters().find(of);
  for (std::size_t i = 0; i < to.begins.size(); ++i) std::copy_n(of.begins[i], of.sizes[i], to.begins[i]);
  return model;
}

/// The largest differences between what a model's program and the layer itself give.
struct Apart {
  double inference, y, dx, dp;
};

template <typename L, int Rank>
Apart apart(const L& layer, const Shape<Rank>& in) {
  const BasicModel<double> model{layer, sample_shape(in), Rng{3}};
  const auto x = drawn(in, Rng{4});
  const auto& p = model.parameters();
  BasicModel<double>::Workspace ws;
  Tensor<double, 2> y, inferred;
  Tensor<double, Rank> dx;
  const auto dp = p.empty();
  model.program().forward(p.of_layers(), x, ws, y);
  const auto dy = drawn(shape(y), Rng{5});
  model.program().backward(p.of_layers(), x, y, dy, ws, dx, dp.of_layers());

  const auto own_p = layer.template initialize<double>(in, Rng{3});
  workspace_t<L, Tensor<double, Rank>> own;
  Tensor<double, 2> own_y;
  Tensor<double, Rank> own_dx;
  auto own_dp = own_p;
  layer.forward_inference(own_p, x, own, inferred);
  layer.forward(own_p, x, own, own_y);
  layer.backward(own_p, x, own_y, dy, own, &own_dx, own_dp);
  return {::distance(model(x), inferred), ::distance(y, own_y), ::distance(dx, own_dx), distance(numbers(dp), numbers(own_dp))};
}

/// Trains a network, and its layers listed at run time, by each number of threads. Checks that all get the same bits.
/// Returns the trained model.
template <typename L>
Model trained_alike(const L& network, const Network& listed, std::initializer_list<Index> thread_counts) {
  const auto data = bars(40);
  const Model first{network, image, Rng{5}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.02, .momentum = 0.9}};
  Model trained = first;
  std::vector<double> expected;
  for (const Index threads : thread_counts) {
    Model compiled = first, same = with_numbers(Model{listed, image, Rng{5}}, first);
    trainer.fit(compiled, data, {.epochs = 2, .batch_size = 16, .threads = threads, .shards = 4});
    trainer.fit(same, data, {.epochs = 2, .batch_size = 16, .threads = threads, .shards = 4});
    if (expected.empty()) expected = numbers(compiled);
    CHECK(numbers(compiled) == expected);
    CHECK(numbers(same) == expected);
    trained = compiled;
  }
  CHECK(expected != numbers(first));
  return trained;
}

/// Checks that layers that draw train to the same bits by one thread and by three.
template <typename L>
void check_draws_by_threads(const L& network) {
  const auto data = bars(40);
  std::vector<double> expected;
  for (const Index threads : {1, 3}) {
    Model model{network, image, Rng{5}};
    Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.02}}.fit(model, data, {.batch_size = 16, .threads = threads, .shards = 4});
    if (expected.empty()) expected = numbers(model);
    CHECK(numbers(model) == expected);
  }
}

/// Saves a model, rebuilds it from the file, and loads the file into another model of the network. Checks that all give the
/// same bits. Returns the names of its tensors.
template <typename L>
std::vector<std::string> saved_names(const L& network) {
  const Model model{network, image, Rng{3}};
  const auto x = drawn<float>(detail::batch_shape(3, image), Rng{4});
  const auto rebuilt = load_model_bytes(save_bytes(model)).model;
  CHECK(same_bits(rebuilt(x), model(x)));
  CHECK(numbers(load_model_bytes(save_bytes(rebuilt)).model) == numbers(model));
  Model loaded{network, image, Rng{9}};
  load_bytes(loaded, save_bytes(model));
  CHECK(same_bits(loaded(x), model(x)));
  const auto names = model.parameters().names();
  return {names.begin(), names.end()};
}

}  // namespace small
