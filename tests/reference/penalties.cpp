#include <lamina/layers/dense.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/training/trainer.hpp>

#include "reference.hpp"

using namespace lamina;
using namespace reference;

TEMPLATE_TEST_CASE("five steps of SGD with an L1 penalty agree with PyTorch's, where it is a term of the loss", "",
                   float, double) {
  using T = TestType;
  constexpr Index count = 11;
  const SGD sgd{.learning_rate = 0.2, .momentum = 0.9, .weight_decay = 0.03, .l1 = 0.05};
  auto theta = numbers<T>(10, Shape{count}), velocity = theta;
  velocity.setZero();
  for (std::uint32_t step = 0; step < 5; ++step) {
    const auto gradient = numbers<T>(11 + step, Shape{count});
    const T* const gradients[] = {gradient.data()};
    T* const memory[] = {velocity.data()};
    CHECK(sgd.update(
        ParameterSlice<T>{.theta = theta.data(), .state = memory, .gradients = gradients, .begin = 0, .end = count}, 1));
    check("sgd_l1." + std::to_string(step), theta);
  }
}

namespace {

/// Five clipped steps on whole batches, cut into this many shards: the losses and the weights after them.
template <typename T>
void agrees(const std::string& name, const GradientClipping& clip, Index shards) {
  using X = Tensor<T, 2>;
  constexpr auto network = Sequential{Dense{.units = 9}, Tanh{}, Dense{.units = 3}};
  BasicModel<scalar_t<X>> model{network, Shape{5}, Rng{1}};
  std::uint32_t place = 20;
  visit_parameters([&](auto& theta) { theta = numbers<T>(place++, shape(theta)); }, model.parameters());
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.5, .momentum = 0.9}};
  std::vector<double> losses;
  for (std::uint32_t step = 0; step < 5; ++step) {
    Batch<X> batch;
    batch.x = numbers<T>(40 + step, Shape{8, 5}, 3);
    batch.labels = labels(60 + step, 8, 3);
    losses.push_back(trainer.step(model, batch, {.shards = shards, .clip = clip}).loss);
  }
  check("clip_" + name + ".losses", losses.data(), 5, tolerance<T>);
  detail::visit_named_parameters(
      [&](const std::string& which, const auto& theta) { check("clip_" + name + "." + which, theta); },
      model.parameters());
}

}  // namespace

TEMPLATE_TEST_CASE("training with clipped gradients agrees with PyTorch's clip_grad_norm_ and clip_grad_value_", "",
                   float, double) {
  for (const Index shards : {1, 3, 8}) {
    agrees<TestType>("norm", {.norm = 0.3}, shards);
    agrees<TestType>("value", {.value = 0.02}, shards);
  }
}
