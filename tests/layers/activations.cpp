#include <lamina/layers/activations.hpp>

#include <lamina/layers/flatten.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/prelu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

static_assert(ReLU{}.output_shape(Shape{2, 3, 4, 5}) == Shape{2, 3, 4, 5});
static_assert(Softmax{}.output_shape(Shape{2, 3}) == Shape{2, 3});
static_assert(Flatten{}.output_shape(Shape{2, 3, 4, 5}) == Shape{2, 60});
static_assert(Flatten{}.output_shape(Shape{2, 3}) == Shape{2, 3});
static_assert(gives_probabilities<Softmax>() && gives_probabilities<Sigmoid>());
static_assert(!gives_probabilities<Tanh>() && !gives_probabilities<ReLU>());

/// y and dx for one row of numbers.
template <typename T = double, typename L>
std::pair<Tensor<T, 2>, Tensor<T, 2>> run(const L& layer, std::initializer_list<double> x,
                                          std::initializer_list<double> dy) {
  const auto in = tensor<T>(Shape{Index{1}, std::ssize(x)}, x), gradient = tensor<T>(shape(in), dy);
  None none;
  std::pair<Tensor<T, 2>, Tensor<T, 2>> result;
  layer.forward(none, in, none, result.first);
  layer.backward(none, in, result.first, gradient, none, &result.second, none);
  return result;
}

Tensor<double, 2> row(std::initializer_list<double> numbers) {
  return tensor(Shape{Index{1}, std::ssize(numbers)}, numbers);
}

}  // namespace

TEST_CASE("the rectifier's derivative at 0 is 0, and -0 counts as 0") {
  const auto [y, dx] = run(ReLU{}, {-2, 0, 3, -0.0}, {10, 20, 30, 40});
  CHECK(distance(y, row({0, 0, 3, 0})) == 0);
  CHECK(same_bits(dx, row({0, 0, 30, 0})));
  const auto [y_float, dx_float] = run<float>(ReLU{}, {-2, 0, 3, -0.0}, {10, 20, 30, 40});
  CHECK(distance(dx_float, row({0, 0, 30, 0})) == 0);
}

TEST_CASE("the leaky rectifier lets its slope through at 0 and below") {
  const auto [y, dx] = run(LeakyReLU{.slope = 0.25}, {-2, 0, 3}, {10, 20, 30});
  CHECK(distance(y, row({-0.5, 0, 3})) == 0);
  CHECK(same_bits(dx, row({2.5, 5, 30})));
  CHECK(run(LeakyReLU{}, {-1}, {1}).first(0, 0) == -0.01);
}

TEST_CASE("the sigmoid has its values, and neither overflows nor loses the small side") {
  const auto [y, dx] = run(Sigmoid{}, {0, std::log(3.0), -std::log(3.0), 1000, -1000, -40}, {1, 1, 1, 1, 1, 1});
  CHECK(distance(y, row({0.5, 0.75, 0.25, 1, 0, std::exp(-40)})) < 1e-15);
  CHECK(y(0, 5) == Approx(std::exp(-40)).epsilon(1e-14));
  CHECK(distance(dx, row({0.25, 0.1875, 0.1875, 0, 0, std::exp(-40)})) < 1e-15);
  CHECK(run<float>(Sigmoid{}, {1e30, -1e30}, {1, 1}).first(0, 0) == 1);
}

TEST_CASE("the hyperbolic tangent has its values") {
  const auto [y, dx] = run(Tanh{}, {0, 0.5 * std::log(3.0), 1000}, {1, 1, 1});
  CHECK(distance(y, row({0, 0.5, 1})) < 1e-15);
  CHECK(distance(dx, row({1, 0.75, 0})) < 1e-15);
}

TEST_CASE("softmax turns rows into probabilities, however large the numbers are") {
  const auto y = run(Softmax{}, {0, std::log(2.0), std::log(5.0)}, {0, 0, 0}).first;
  CHECK(distance(y, row({0.125, 0.25, 0.625})) < 1e-15);
  CHECK(same_bits(run(Softmax{}, {1e300, -1e300, 0}, {0, 0, 0}).first, row({1, 0, 0})));
  CHECK(distance(run<float>(Softmax{}, {1e30, 1e30, -1e30}, {0, 0, 0}).first, row({0.5, 0.5, 0})) == 0);
  CHECK(distance(run(Softmax{}, {-infinity, 0}, {0, 0}).first, row({0, 1})) == 0);
}

TEST_CASE("softmax of a single number is certainty, whatever the number, and learns nothing") {
  CHECK(Softmax{}.output_shape(Shape{2, 1}) == Shape{2, 1});
  const auto [y, dx] = run(Softmax{}, {-7}, {3});
  CHECK(y(0, 0) == 1);
  CHECK(dx(0, 0) == 0);
}

TEST_CASE("softmax gives the same for logits moved by a constant, and every row stands alone") {
  None none;
  Tensor<double, 2> y, moved;
  const auto x = drawn(Shape{3, 5}, Rng{1});
  Tensor<double, 2> by_eight = x;
  for (Index k = 0; k < 5; ++k) by_eight(1, k) += 8;
  Softmax{}.forward(none, x, none, y);
  Softmax{}.forward(none, by_eight, none, moved);
  CHECK(distance(y, moved) < 1e-15);
  for (Index n = 0; n < 3; ++n) CHECK(matrix(y).row(n).sum() == Approx(1).epsilon(1e-14));
}

TEST_CASE("softmax of rows without numbers is refused") {
  CHECK(refusal<ShapeError>([] { Softmax{}.output_shape(Shape{2, 0}); }) ==
        "Softmax: expects rows of at least one number but got (2, 0)");
}

TEST_CASE("flatten keeps the numbers in the order of memory: (h, w, c), channels fastest") {
  None none;
  const auto x = tensor(Shape{2, 1, 2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  Tensor<double, 2> y;
  Tensor<double, 4> dx;
  Flatten{}.forward(none, x, none, y);
  CHECK(same_bits(y, tensor(Shape{2, 6}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})));
  Flatten{}.backward(none, x, y, y, none, &dx, none);
  CHECK(same_bits(dx, x));
}

namespace {

/// x / (1 + |x|), as the documentation of Elementwise shows it.
struct Softsign : Elementwise<Softsign> {
  static constexpr std::string_view name = "Softsign";
  template <typename T>
  T value(T x) const {
    return x / (1 + std::abs(x));
  }
  template <typename T>
  T derivative(T /*x*/, T y) const {
    return (1 - std::abs(y)) * (1 - std::abs(y));
  }
};
static_assert(Layer<Softsign, Tensor<double, 4>>);

}  // namespace

TEST_CASE("an activation of one's own is a value and a derivative") {
  const auto [y, dx] = run(Softsign{}, {0, -3}, {4, 1});
  CHECK(y(0, 1) == Approx(-0.75));
  CHECK(dx(0, 0) == Approx(4));
  CHECK(dx(0, 1) == Approx(1.0 / 16));
}

TEST_CASE("the gradients of the further activations are right, on rows and images") {
  const auto check = [](const auto& layer) {
    CAPTURE(layer.name);
    CHECK(check_gradient(layer, Shape{3, 37}).passed());
    CHECK(check_gradient(layer, Shape{2, 3, 5, 3}).passed());
  };
  check(ReLU6{});
  check(HardSigmoid{});
  check(HardSwish{});
  check(SiLU{});
  check(GELU{});
  check(GELU{.approximate = true});
  check(ELU{});
  check(ELU{.alpha = 0.3});
  check(Softplus{});
  check(Softplus{.beta = 3});
  check(PReLU{});
  CHECK(check_gradient(PReLU{.num_parameters = 37}, Shape{3, 37}).passed());
  CHECK(check_gradient(PReLU{.num_parameters = 3}, Shape{2, 3, 5, 3}).passed());
}

TEST_CASE("the further activations have their values and, at their kinks, PyTorch's derivatives") {
  const auto [y, dx] = run(ReLU6{}, {-1, 0, 3, 6, 7}, {1, 1, 1, 1, 1});
  CHECK(same_bits(y, row({0, 0, 3, 6, 6})));
  CHECK(same_bits(dx, row({0, 0, 1, 0, 0})));
  const auto [hard, dhard] = run(HardSigmoid{}, {-4, -3, 0, 3, 4}, {6, 6, 6, 6, 6});
  CHECK(distance(hard, row({0, 0, 0.5, 1, 1})) < 1e-15);
  CHECK(distance(dhard, row({0, 0, 1, 0, 0})) < 1e-15);
  const auto [swish, dswish] = run(HardSwish{}, {-4, -3, 0, 3, 4}, {1, 1, 1, 1, 1});
  CHECK(distance(swish, row({0, 0, 0, 3, 4})) < 1e-15);
  CHECK(distance(dswish, row({0, -0.5, 0.5, 1.5, 1})) < 1e-15);
  CHECK(distance(run(SiLU{}, {0, 1, -800, 800}, {1, 1, 1, 1}).first, row({0, 1 / (1 + std::exp(-1)), 0, 800})) < 1e-13);
  CHECK(run(GELU{}, {1}, {1}).first(0, 0) == Approx(0.841344746068543).epsilon(1e-14));
  CHECK(run(GELU{}, {-9}, {1}).first(0, 0) == Approx(-9 * 0.5 * std::erfc(9 / std::sqrt(2))).epsilon(1e-12));
  CHECK(run(GELU{.approximate = true}, {1}, {1}).first(0, 0) == Approx(0.841191990608276).epsilon(1e-14));
  CHECK(run(ELU{.alpha = 2}, {-1e-10}, {1}).first(0, 0) == Approx(-2e-10).epsilon(1e-9));
  CHECK(distance(run(Softplus{.beta = 2}, {0, 1000, -1000}, {1, 1, 1}).first, row({std::log(2.0) / 2, 1000, 0})) < 1e-12);
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(run(ReLU6{}, {nan}, {1}).first(0, 0)));
  CHECK(std::isnan(run(HardSwish{}, {nan}, {1}).first(0, 0)));
  CHECK(std::isnan(run(SiLU{}, {nan}, {1}).first(0, 0)));
}

TEST_CASE("all instruction sets agree on the further activations") {
  const auto x = drawn<float>(Shape{3, 101}, Rng{4}), dy = drawn<float>(Shape{3, 101}, Rng{5});
  const auto& baseline = kernels::functions<float>(kernels::instruction_set<float>("baseline"));
  for (const auto f : {kernels::Function::relu6, kernels::Function::hard_sigmoid, kernels::Function::hard_swish,
                       kernels::Function::silu, kernels::Function::gelu})
    for (const kernels::InstructionSet* instruction_set : kernels::instruction_sets<float>()) {
      Tensor<float, 2> y(3, 101), expected(3, 101);
      CAPTURE(instruction_set->name, static_cast<int>(f));
      baseline.forward(f, x.data(), expected.data(), x.size());
      kernels::functions<float>(*instruction_set).forward(f, x.data(), y.data(), x.size());
      CHECK(distance(y, expected) < 1e-6);
      baseline.backward(f, x.data(), dy.data(), expected.data(), x.size());
      kernels::functions<float>(*instruction_set).backward(f, x.data(), dy.data(), y.data(), x.size());
      CHECK(distance(y, expected) < 2e-6);
    }
}

TEST_CASE("a slope per channel wants as many channels, and a Softplus a beta above 0") {
  CHECK(refusal<ShapeError>([] { PReLU{.num_parameters = 3}.output_shape(Shape{2, 4}); }) ==
        "PReLU: expects num_parameters of 1, or of as many as there are channels, but got 3 and (2, 4)");
  CHECK(refusal<OptionError>([] { Softplus{.beta = 0}.output_shape(Shape{2, 4}); }) ==
        "Softplus: expects a beta above 0 but got 0");
  const auto p = PReLU{.num_parameters = 3}.initialize<float>(Shape{2, 3}, Rng{1});
  PReLU::Workspace<Tensor<float, 2>> ws;
  Tensor<float, 2> y;
  CHECK(refusal<ShapeError>([&] { PReLU{.num_parameters = 3}.forward(p, drawn<float>(Shape{2, 4}, Rng{1}), ws, y); }) ==
        "PReLU: expects (N, …, 3) but got (2, 4); give it the channels that its parameters were made for");
}
