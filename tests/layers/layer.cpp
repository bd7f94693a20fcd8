#include <lamina/layers/layer.hpp>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>

#include "../catch.hpp"

using namespace lamina;

// Not in the layers' headers, where everyone who includes them would compile it.
static_assert(Layer<Conv, Tensor<float, 4>> && Layer<Conv, Tensor<double, 4>>);
static_assert(Layer<Dense, Tensor<float, 2>> && Layer<Dense, Tensor<double, 2>>);
static_assert(Layer<Flatten, Tensor<float, 4>> && Layer<Flatten, Tensor<double, 2>>);
static_assert(Layer<LeakyReLU, Tensor<float, 4>> && Layer<LeakyReLU, Tensor<double, 2>>);
static_assert(Layer<ReLU, Tensor<float, 4>> && Layer<ReLU, Tensor<double, 2>>);
static_assert(Layer<Sigmoid, Tensor<float, 4>> && Layer<Sigmoid, Tensor<double, 2>>);
static_assert(Layer<Softmax, Tensor<float, 2>> && Layer<Softmax, Tensor<double, 2>>);
static_assert(Layer<Tanh, Tensor<float, 4>> && Layer<Tanh, Tensor<double, 2>>);
static_assert(HasInference<Dropout, Tensor<float, 4>> && HasInference<Dropout, Tensor<double, 2>>);
static_assert(HasInference<MaxPool, Tensor<float, 4>> && Layer<AvgPool, Tensor<double, 4>>);

TEST_CASE("workers take turns: the i-th thing is the i-th worker's, round and round") {
  for (const Index workers : {1, 2, 3})
    for (Index worker = 0; worker < workers; ++worker) {
      RoundRobin turns{.worker = worker, .workers = workers};
      for (Index thing = 0; thing < 7; ++thing) CHECK(turns.mine() == (thing % workers == worker));
    }
}
