#include <lamina/layers/batch_norm.hpp>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/training/trainer.hpp>

#include "reference.hpp"

using namespace lamina;
using namespace reference;

TEMPLATE_TEST_CASE("ten steps with batch normalisation agree with PyTorch, and so do what was measured and what is predicted",
                   "", float, double) {
  using T = TestType;
  BasicModel<T> model{Sequential{Conv{.filters = 3, .kernel = 3, .padding = 1}, BatchNorm{.momentum = 0.2}, ReLU{}, Flatten{},
                                 Dense{.units = 4}, BatchNorm{.epsilon = 0.01}, Dense{.units = 3}},
                      Shape{5, 4, 2}, Rng{1}};
  auto& p = model.parameters();
  p.template tensor<4>("0.weight") = numbers<T>(3, Shape{3, 3, 2, 3});
  p.template tensor<1>("0.bias") = numbers<T>(4, Shape{3});
  p.template tensor<2>("4.weight") = numbers<T>(5, Shape{4, 60});
  p.template tensor<1>("4.bias") = numbers<T>(6, Shape{4});
  p.template tensor<2>("6.weight") = numbers<T>(7, Shape{3, 4});
  p.template tensor<1>("6.bias") = numbers<T>(8, Shape{3});
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  Tensor<T, 1> losses(10);
  for (std::uint32_t step = 0; step < 10; ++step) {
    Batch<Tensor<T, 4>> batch;
    batch.x = numbers<T>(40 + step, Shape{6, 5, 4, 2});
    batch.labels = labels(60 + step, 6, 3);
    losses(step) = static_cast<T>(trainer.step(model, batch, {.shards = 1}).loss);
  }
  check("batch_norm.losses", losses);
  for (const std::string place : {"1", "5"})
    for (const std::string name : {"weight", "bias", "running_mean", "running_var"})
      check("batch_norm." + place + "." + name, p.template tensor<1>(place + "." + name));
  check("batch_norm.predictions", model(numbers<T>(2, Shape{6, 5, 4, 2})));
  Predictor predict{model};  // which computes them within the layers before
  check("batch_norm.predictions", predict(numbers<T>(2, Shape{6, 5, 4, 2})));
}

TEMPLATE_TEST_CASE("ten steps without biases, and without a scale of its own, agree with PyTorch", "", float, double) {
  using T = TestType;
  BasicModel<T> model{Sequential{Conv{.filters = 3, .kernel = 3, .padding = 1, .bias = false}, BatchNorm{.affine = false},
                                 ReLU{}, Flatten{}, Dense{.units = 4, .bias = false}, BatchNorm{},
                                 Dense{.units = 3, .bias = false}},
                      Shape{5, 4, 2}, Rng{1}};
  auto& p = model.parameters();
  p.template tensor<4>("0.weight") = numbers<T>(3, Shape{3, 3, 2, 3});
  p.template tensor<2>("4.weight") = numbers<T>(5, Shape{4, 60});
  p.template tensor<2>("6.weight") = numbers<T>(7, Shape{3, 4});
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  Tensor<T, 1> losses(10);
  for (std::uint32_t step = 0; step < 10; ++step) {
    Batch<Tensor<T, 4>> batch;
    batch.x = numbers<T>(40 + step, Shape{6, 5, 4, 2});
    batch.labels = labels(60 + step, 6, 3);
    losses(step) = static_cast<T>(trainer.step(model, batch, {.shards = 1}).loss);
  }
  check("bias_free.losses", losses);
  check("bias_free.1.running_var", p.template tensor<1>("1.running_var"));
  check("bias_free.6.weight", p.template tensor<2>("6.weight"));
  check("bias_free.predictions", model(numbers<T>(2, Shape{6, 5, 4, 2})));
  Predictor predict{model};
  check("bias_free.predictions", predict(numbers<T>(2, Shape{6, 5, 4, 2})));
}
