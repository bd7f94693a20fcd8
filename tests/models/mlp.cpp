#include <lamina/models/mlp.hpp>

#include <lamina/models/model.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../parameters.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

TEST_CASE("network(sizes) is the dense network of sigmoid units of Nielsen's book, ending in logits") {
  const Network dense = mlp({784, 30, 10});
  const Sequential same{Flatten{}, BasicDense<StandardNormal, StandardNormal>{.units = 30}, Sigmoid{},
                        BasicDense<StandardNormal, StandardNormal>{.units = 10}};
  const Model model{dense, Shape{28, 28, 1}, Rng{1}};
  const Model compiled{same, Shape{28, 28, 1}, Rng{1}};
  CHECK(model.parameter_count() == 784 * 30 + 30 + 30 * 10 + 10);
  CHECK(numbers(model.parameters()) == numbers(compiled.parameters()));
  const auto x = drawn<float>(Shape{5, 28, 28, 1}, Rng{2});
  CHECK(same_bits(model(x), compiled(x)));
  CHECK(same_bits(model.probabilities(x), compiled.probabilities(x)));
  CHECK(mlp({5, 4}).size() == 2);
  CHECK(check_gradient(mlp({6, 5, 4, 3}, {.activation = Tanh{}, .weights = HeNormal{}}), Shape{4, 6}).passed());
}

TEST_CASE("network(sizes) takes its sizes and options at their word") {
  CHECK(refusal<ShapeError>([] { mlp({784}); }) == "mlp: expects at least two sizes but got 1");
  CHECK(refusal<ShapeError>([] { mlp({784, 0, 10}); }) == "mlp: expects sizes of at least 1 but got 0");
  CHECK(refusal<ShapeError>([] { Model(mlp({784, 10}), Shape{28, 27, 1}, Rng{}); }) ==
        "Network: expects samples of 784 numbers but got (1, 28, 27, 1)");
  const Network deep = mlp({7, 6, 5}, {.activation = LeakyReLU{.slope = 0.5}, .biases = Zeros{}});
  CHECK(std::get<LeakyReLU>(deep[2]).slope == 0.5);
  const auto p = numbers(deep.initialize<double>(Shape{1, 7}, Rng{1}));
  CHECK(std::vector<double>(p.begin() + 42, p.begin() + 48) == std::vector<double>(6, 0.0));
}
