// What is not a number is not hidden: every layer passes it on, within its own sample.

#include <cmath>
#include <limits>
#include <span>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/conv_relu.hpp>
#include <lamina/layers/conv_relu_max_pool.hpp>
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
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN(),
                infinity = std::numeric_limits<float>::infinity();

/// The numbers of sample n.
template <typename X>
std::span<const float> sample(const X& x, Index n) {
  const Index size = x.size() / x.dimension(0);
  return {x.data() + n * size, static_cast<std::size_t>(size)};
}

bool any_nan(std::span<const float> numbers) {
  return std::any_of(numbers.begin(), numbers.end(), [](float number) { return std::isnan(number); });
}
bool same(std::span<const float> a, std::span<const float> b) {
  return std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

enum class Pass { forward, inference, backward };

template <typename X, typename L>
auto output(const L& layer, const X& x, Pass pass) {
  const auto p = layer.template initialize<float>(shape(x), Rng{1});
  workspace_t<L, X> ws;
  output_t<L, X> y;
  const Context context{.draws = Rng{2}};
  pass == Pass::inference ? forward_inference(layer, p, x, ws, y) : detail::forward(layer, p, x, ws, y, context);
  return y;
}

/// ∂loss/∂x for a given ∂loss/∂y.
template <typename X, typename L>
X gradient(const L& layer, const X& x, const output_t<L, X>& dy) {
  auto p = layer.template initialize<float>(shape(x), Rng{1}), dp = p;
  workspace_t<L, X> ws;
  output_t<L, X> y;
  X dx;
  const Context context{.draws = Rng{2}};
  detail::forward(layer, p, x, ws, y, context);
  detail::backward(layer, p, x, y, dy, ws, &dx, dp, context);
  return dx;
}

/// Of three samples the middle one has one number that is NaN, at every place in turn: its output has NaN, and the others'
/// have the bits that they have without it.
template <typename L, int Rank>
void check_layer(const L& layer, const Shape<Rank>& extents) {
  INFO(L::name);
  const auto clean = drawn<float>(extents, Rng{3});
  const Index size = clean.size() / 3;
  for (const Pass pass : {Pass::forward, Pass::inference}) {
    const auto expected = output(layer, clean, pass);
    Index hidden = 0, spilled = 0;
    for (Index i = 0; i < size; ++i) {
      auto x = clean;
      x.data()[size + i] = not_a_number;
      const auto y = output(layer, x, pass);
      hidden += !any_nan(sample(y, 1));
      spilled += !same(sample(y, 0), sample(expected, 0)) || !same(sample(y, 2), sample(expected, 2));
    }
    CHECK(hidden == 0);
    CHECK(spilled == 0);
  }
  auto dy = output(layer, clean, Pass::forward);
  const auto expected = gradient(layer, clean, dy);
  dy.data()[dy.size() / 3] = not_a_number;
  const auto dx = gradient(layer, clean, dy);
  CHECK((same(sample(dx, 0), sample(expected, 0)) && same(sample(dx, 2), sample(expected, 2))));
}

}  // namespace

TEST_CASE("a NaN in a sample reaches its own output, through every layer on images, and no other sample's") {
  const Shape<4> images{3, 6, 5, 2};
  check_layer(Conv{.filters = 3, .kernel = 3}, images);
  check_layer(Conv{.filters = 3, .kernel = 3, .padding = 1}, images);
  check_layer(Conv{.filters = 16, .kernel = 3, .padding = 1}, Shape{3, 8, 8, 16});  // Winograd's, where there is one
  check_layer(Conv{.filters = 17, .kernel = 3, .padding = 1}, Shape{3, 8, 8, 16});
  check_layer(Conv{.filters = 2, .kernel = 2, .padding = 1}, images);
  check_layer(MaxPool{.window = 2, .stride = 1}, images);
  check_layer(AvgPool{.window = 2, .stride = 1}, images);
  check_layer(ReLU{}, images);
  check_layer(LeakyReLU{}, images);
  check_layer(Sigmoid{}, images);
  check_layer(Tanh{}, images);
  check_layer(Flatten{}, images);
  check_layer(Dropout{.rate = 0.5}, images);  // what it drops, too: 0 · NaN
}

TEST_CASE("a NaN in a row reaches its own output, through every layer on rows, and no other row's") {
  for (const Index features : {1, 5, 17, 40}) {
    check_layer(Dense{.units = 3}, Shape{3, features});
    check_layer(Dense{.units = 33}, Shape{3, features});
    check_layer(Softmax{}, Shape{3, features});
    check_layer(ReLU{}, Shape{3, features});
    check_layer(LeakyReLU{}, Shape{3, features});
    check_layer(Sigmoid{}, Shape{3, features});
    check_layer(Tanh{}, Shape{3, features});
  }
}

TEST_CASE("a NaN passes the fused layers that run several layers as one") {
  const Shape<4> images{3, 6, 6, 2};
  check_layer(detail::ConvReLU<Conv>{Conv{.filters = 3, .kernel = 3, .padding = 1}, ReLU{}}, images);
  check_layer(detail::ConvReLUMaxPool<Conv>{Conv{.filters = 3, .kernel = 3, .padding = 1}, ReLU{}, MaxPool{.window = 2}},
              images);
  const Shape<4> winograd{3, 8, 8, 16};
  const Conv conv{.filters = 16, .kernel = 3, .padding = 1};
  check_layer(detail::ConvReLU<Conv>{conv, ReLU{}}, winograd);
  check_layer(detail::ConvReLUMaxPool<Conv>{conv, ReLU{}, MaxPool{.window = 2}}, winograd);
}

TEST_CASE("infinite inputs have the activations' limits, and what has none is NaN") {
  const auto at = [](const auto& layer, float x) {
    Tensor<float, 2> in(1, 1);
    in(0, 0) = x;
    return output(layer, in, Pass::forward)(0, 0);
  };
  CHECK(at(ReLU{}, infinity) == infinity);
  CHECK(at(ReLU{}, -infinity) == 0);
  CHECK(at(LeakyReLU{}, -infinity) == -infinity);
  CHECK(at(Sigmoid{}, infinity) == 1);
  CHECK(at(Sigmoid{}, -infinity) == 0);
  CHECK(at(Tanh{}, infinity) == 1);
  CHECK(at(Tanh{}, -infinity) == -1);
  Tensor<float, 2> row(1, 2);
  row(0, 0) = infinity, row(0, 1) = 0;
  CHECK(any_nan(sample(output(Softmax{}, row, Pass::forward), 0)));  // ∞ − ∞
}
