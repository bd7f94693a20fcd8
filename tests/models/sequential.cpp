#include <lamina/models/sequential.hpp>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>

#include "../catch.hpp"
#include "../lenet.hpp"
#include "../parameters.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

static_assert(lenet.output_shape(Shape{64, 28, 28, 1}) == Shape{64, 10});
static_assert(lenet.multiply_adds(Shape{1, 28, 28, 1}) ==
              784 * 6 * 25 + 100 * 16 * 25 * 6 + 400 * 120 + 120 * 84 + 84 * 10);
static_assert(lenet.multiply_adds(Shape{64, 28, 28, 1}) == 64 * lenet.multiply_adds(Shape{1, 28, 28, 1}));
static_assert(!decltype(lenet)::gives_probabilities);
static_assert(Sequential{Dense{}, Sequential{Softmax{}}}.gives_probabilities);

using Image = Tensor<double, 4>;
using Rows = Tensor<double, 2>;

constexpr Shape in{3, 6, 5, 2};
constexpr Conv conv{.filters = 3, .kernel = 2};
constexpr Dense dense{.units = 4};
constexpr Sequential flat{conv, ReLU{}, MaxPool{}, Flatten{}, dense, Tanh{}};
constexpr Sequential nested{Sequential{conv, ReLU{}}, Sequential{MaxPool{}, Sequential{Flatten{}, dense}}, Tanh{}};

template <typename L>
struct Pass {
  workspace_t<L, Image> ws;
  Rows y;
  Image dx;
  parameters_t<L, Image> dp;

  Pass(const L& layer, const parameters_t<L, Image>& p, const Image& x, const Rows& dy) {
    layer.forward(p, x, ws, y);
    layer.backward(p, x, y, dy, ws, &dx, dp);
  }
};

std::vector<std::string> names(const auto& p) {
  std::vector<std::string> all;
  detail::visit_named_parameters([&](const std::string& name, const auto&) { all.push_back(name); }, p);
  return all;
}

}  // namespace

TEST_CASE("lenet has 61,706 parameters, each at its layer's place") {
  const auto p = lenet.initialize<float>(Shape{1, 28, 28, 1}, Rng{1});
  CHECK(parameter_count(p) == 61706);
  CHECK(names(p) == std::vector<std::string>{"0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias",
                                             "9.weight", "9.bias", "11.weight", "11.bias"});
}

TEST_CASE("a network is its layers one after another, and backward is the chain rule") {
  const auto x = drawn(in, Rng{1});
  const auto dy = drawn(flat.output_shape(in), Rng{2});
  const auto p = flat.initialize<double>(in, Rng{3});
  const Pass pass(flat, p, x, dy);

  None none;
  Conv::Workspace<Image> conv_ws;
  MaxPool::Workspace<Image> pool_ws;
  Dense::Workspace<Rows> dense_ws;
  Image a1, a2, a3, d1, d2, d3, dx;
  Rows a4, a5, a6, d4, d5;
  Conv::Parameters<double> dconv;
  Dense::Parameters<double> ddense;
  conv.forward(std::get<0>(p), x, conv_ws, a1);
  ReLU{}.forward(none, a1, none, a2);
  MaxPool{}.forward(none, a2, pool_ws, a3);
  Flatten{}.forward(none, a3, none, a4);
  dense.forward(std::get<4>(p), a4, dense_ws, a5);
  Tanh{}.forward(none, a5, none, a6);
  Tanh{}.backward(none, a5, a6, dy, none, &d5, none);
  dense.backward(std::get<4>(p), a4, a5, d5, dense_ws, &d4, ddense);
  Flatten{}.backward(none, a3, a4, d4, none, &d3, none);
  MaxPool{}.backward(none, a2, a3, d3, pool_ws, &d2, none);
  ReLU{}.backward(none, a1, a2, d2, none, &d1, none);
  conv.backward(std::get<0>(p), x, a1, d1, conv_ws, &dx, dconv);

  CHECK(distance(pass.y, a6) < 1e-14);
  CHECK(distance(pass.dx, dx) < 1e-14);
  CHECK(distance(std::get<0>(pass.dp).weight, dconv.weight) < 1e-13);
  CHECK(distance(std::get<4>(pass.dp).weight, ddense.weight) < 1e-13);
  CHECK(distance(std::get<4>(pass.dp).bias, ddense.bias) < 1e-13);
  CHECK(largest(pass.dx) > 0);
}

TEST_CASE("nesting changes nothing but the names") {
  const auto x = drawn(in, Rng{1});
  const auto dy = drawn(flat.output_shape(in), Rng{2});
  const auto p = flat.initialize<double>(in, Rng{3});
  parameters_t<decltype(nested), Image> q;
  std::get<0>(std::get<0>(q)) = std::get<0>(p);
  std::get<1>(std::get<1>(std::get<1>(q))) = std::get<4>(p);
  CHECK(nested.output_shape(in) == flat.output_shape(in));
  CHECK(nested.multiply_adds(in) == flat.multiply_adds(in));
  const Pass one(flat, p, x, dy);
  const Pass other(nested, q, x, dy);
  CHECK(distance(one.y, other.y) < 1e-14);
  CHECK(distance(one.dx, other.dx) < 1e-14);
  REQUIRE(numbers(one.dp).size() == numbers(other.dp).size());
  for (std::size_t i = 0; i < numbers(one.dp).size(); ++i)
    CHECK(numbers(one.dp)[i] == Approx(numbers(other.dp)[i]).margin(1e-13));
  CHECK(names(q) == std::vector<std::string>{"0.0.weight", "0.0.bias", "1.1.1.weight", "1.1.1.bias"});
}

TEST_CASE("what one layer draws depends on its place, not on the other layers") {
  const auto p = Sequential{Dense{.units = 5}, Tanh{}, Dense{.units = 5}, Dense{.units = 5}}.initialize<double>(
      Shape{1, 5}, Rng{1});
  const auto q = Sequential{Tanh{}, Tanh{}, Dense{.units = 5}, Tanh{}}.initialize<double>(Shape{1, 5}, Rng{1});
  CHECK(same_bits(std::get<2>(p).weight, std::get<2>(q).weight));
  CHECK_FALSE(same_bits(std::get<2>(p).weight, std::get<3>(p).weight));
  CHECK_FALSE(same_bits(std::get<0>(p).weight, std::get<2>(p).weight));
}

TEST_CASE("a fused layer leaves parameters and gradients at the places of its layers") {
  using Stages = Sequential<Flatten, Dense>;
  static_assert(std::is_same_v<detail::FusionOf<Flatten, Dense>::fused, detail::FlattenDense<Dense>>);
  const Stages network{Flatten{}, Dense{.units = 3}};
  const auto p = network.initialize<double>(in, Rng{1});
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(std::get<0>(p))>, None>);
  CHECK(names(p) == std::vector<std::string>{"1.weight", "1.bias"});
  const auto x = drawn(in, Rng{1});
  const Pass pass(network, p, x, drawn(Shape{3, 3}, Rng{2}));
  CHECK(shape(std::get<1>(pass.dp).weight) == Shape{3, 60});
  CHECK(shape(pass.dx) == in);
}

TEST_CASE("errors where shapes are inferred say the layer's place, nested ones too") {
  const auto refused = [](const auto& network, const auto& shape) {
    return refusal<ShapeError>([&] { network.output_shape(shape); });
  };
  CHECK(refused(Sequential{Dense{.units = 3}, Tanh{}, Dense{.units = 0}}, Shape{2, 5}) ==
        "layer 2: Dense: expects units of at least 1 but got 0");
  CHECK(refused(Sequential{Tanh{}, Sequential{Conv{.kernel = 2}, MaxPool{.window = 9}}}, Shape{1, 6, 6, 1}) ==
        "layer 1: layer 1: MaxPool: expects images at least as large as its 9x9 window but got (1, 5, 5, 1) padded by "
        "0x0; "
        "make the window smaller or the padding larger");
  CHECK(refusal<ShapeError>([] {
          Sequential{Tanh{}, Dense{.units = -1}}.initialize<float>(Shape{2, 5}, Rng{1});
        }) == "layer 1: Dense: expects units of at least 1 but got -1");
}

TEST_CASE("errors on the way forward say the layer's place, also from within a fused layer") {
  const auto p = lenet.initialize<double>(Shape{1, 28, 28, 1}, Rng{1});
  workspace_t<decltype(lenet), Image> ws;
  Rows y;
  CHECK(refusal<ShapeError>([&] { lenet.forward(p, Image(64, 24, 24, 1), ws, y); }) ==
        "layer 7: Dense: expects (N, 400) but got (64, 256); put Flatten{} before it or change units");
  CHECK(
      refusal<ShapeError>([&] { lenet.forward_inference(p, Image(2, 28, 28, 3), ws, y); }) ==
      "layer 0: Conv: expects (N, H, W, 1) but got (2, 28, 28, 3); give it the channels that its weights (5, 5, 1, 6) "
      "were made for");
}

namespace {

/// Passes on what it gets; counts its own copies.
struct Counted : Elementwise<Counted> {
  static constexpr std::string_view name = "Counted";
  static inline int copies = 0;
  Counted() = default;
  Counted(const Counted&) { ++copies; }
  Counted& operator=(const Counted&) = default;
  template <typename T>
  T value(T x) const {
    return x;
  }
  template <typename T>
  T derivative(T, T) const {
    return 1;
  }
};

}  // namespace

TEST_CASE("running a network copies no layer") {
  const Sequential network{Counted{}, Sequential{Counted{}, Tanh{}}};
  const auto p = network.initialize<double>(Shape{2, 3}, Rng{1});
  Counted::copies = 0;
  workspace_t<decltype(network), Rows> ws;
  const auto x = drawn(Shape{2, 3}, Rng{1});
  Rows y, dx;
  auto dp = p;
  network.forward(p, x, ws, y);
  network.forward_inference(p, x, ws, y);
  network.backward(p, x, y, x, ws, &dx, dp);
  CHECK(Counted::copies == 0);
}
