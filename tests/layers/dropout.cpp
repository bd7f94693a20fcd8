#include <lamina/layers/dropout.hpp>

#include <lamina/layers/dense.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/sequential.hpp>

#include <set>
#include <sstream>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

using X = Tensor<double, 2>;

/// y of ones with this key.
X dropped(const Dropout& dropout, const Context& context, Index N = 4, Index F = 10000) {
  X x(N, F), y;
  x.setConstant(1);
  Dropout::Workspace<X> ws;
  const None none;
  dropout.forward(none, x, ws, y, context);
  return y;
}

double mean(const X& x) {
  double sum = 0;
  for (Index i = 0; i < x.size(); ++i) sum += x.data()[i];
  return sum / static_cast<double>(x.size());
}

}  // namespace

TEST_CASE("dropout forgets as many as its rate says, and what is kept grows so that the mean stays") {
  for (const double rate : {0.1, 0.5, 0.8}) {
    const X y = dropped({.rate = rate}, {.draws = Rng{1}});
    double forgotten = 0;
    for (Index i = 0; i < y.size(); ++i) {
      REQUIRE((y.data()[i] == 0 || y.data()[i] == 1 / (1 - rate)));
      forgotten += y.data()[i] == 0;
    }
    // 40,000 numbers: five deviations.
    CHECK(std::abs(forgotten / 40000 - rate) < 5 * std::sqrt(rate * (1 - rate) / 40000));
    CHECK(mean(y) == Approx(1).margin(5 * std::sqrt(rate / (1 - rate) / 40000)));
  }
}

TEST_CASE("at a rate of 0 nothing is forgotten, not even where all of a number's random bits are 0") {
  CHECK(mean(dropped({.rate = 0}, {.draws = Rng{1}}, 4, 400'000)) == 1);  // 24 such places, on average
}

TEST_CASE("numbers are forgotten independently of their neighbours") {
  const X y = dropped({}, {.draws = Rng{2}});
  for (const Index apart : {1, 2, 3, 4, 5, 8, 64}) {
    double both = 0;
    for (Index i = 0; i + apart < y.size(); ++i) both += y.data()[i] == 0 && y.data()[i + apart] == 0;
    CHECK(both / static_cast<double>(y.size() - apart) == Approx(0.25).margin(0.012));
  }
}

TEST_CASE("what is forgotten follows from the key and the sample's place, not from the samples beside it") {
  const X all = dropped({}, {.draws = Rng{3}, .first = 0}, 6, 100);
  CHECK(same_bits(dropped({}, {.draws = Rng{3}, .first = 0}, 6, 100), all));
  for (Index n = 0; n < 6; ++n) {
    const X one = dropped({}, {.draws = Rng{3}, .first = n}, 1, 100);
    for (Index i = 0; i < 100; ++i) REQUIRE(one(0, i) == all(n, i));
  }
  std::set<std::string> different;
  for (Index n = 0; n < 6; ++n) {
    std::string row;
    for (Index i = 0; i < 100; ++i) row += all(n, i) == 0 ? '0' : '1';
    different.insert(row);
  }
  CHECK(different.size() == 6);
  CHECK(!same_bits(dropped({}, {.draws = Rng{4}, .first = 0}, 6, 100), all));
}

TEST_CASE("inference forgets nothing, alone and inside a network, nested or listed at run time") {
  const auto x = drawn(Shape{3, 20}, Rng{1});
  const auto unchanged = [&](const auto& layer) {
    Tensor<double, 2> y;
    const auto p = layer.template initialize<double>(Shape{3, 20}, Rng{1});
    workspace_t<std::remove_cvref_t<decltype(layer)>, X> ws;
    forward_inference(layer, p, x, ws, y);
    return same_bits(x, y);
  };
  CHECK(unchanged(Dropout{}));
  CHECK(unchanged(Sequential{Dropout{}, Sequential{Dropout{.rate = 0.9}}}));
  CHECK(unchanged(Network{Dropout{}, Dropout{}}));
}

TEST_CASE("every dropout of a network draws for itself, and a network listed at run time has a Sequential's") {
  const auto x = drawn(Shape{3, 50}, Rng{1});
  const auto run = [&](const auto& layer, std::uint64_t seed) {
    Tensor<double, 2> y;
    const auto p = layer.template initialize<double>(Shape{3, 50}, Rng{1});
    workspace_t<std::remove_cvref_t<decltype(layer)>, X> ws;
    layer.forward(p, x, ws, y, Context{.draws = Rng{seed}});
    return y;
  };
  const auto forgotten = [](const X& y) {
    double zeros = 0;
    for (Index i = 0; i < y.size(); ++i) zeros += y.data()[i] == 0;
    return zeros / static_cast<double>(y.size());
  };
  // Were the keys the same, two would forget no more than one does.
  CHECK(forgotten(run(Sequential{Dropout{}}, 1)) == Approx(0.5).margin(0.15));
  CHECK(forgotten(run(Sequential{Dropout{}, Dropout{}}, 1)) == Approx(0.75).margin(0.12));
  CHECK(forgotten(run(Sequential{Dropout{}, Sequential{Dropout{}, Dropout{}}}, 1)) == Approx(0.875).margin(0.1));
  CHECK(same_bits(run(Network{Dropout{}, ReLU{}, Dropout{}}, 1), run(Sequential{Dropout{}, ReLU{}, Dropout{}}, 1)));
  CHECK(!same_bits(run(Sequential{Dropout{}}, 1), run(Sequential{Dropout{}}, 2)));
}

TEST_CASE("a rate that is no probability, or certainty, is refused") {
  const auto refused = [](double rate) {
    return refusal<OptionError>([&] { Dropout{.rate = rate}.output_shape(Shape{2, 3}); });
  };
  CHECK(refused(1) == "Dropout: expects a rate of at least 0 and below 1 but got 1");
  CHECK(refused(-0.1) == "Dropout: expects a rate of at least 0 and below 1 but got -0.1");
  CHECK(refused(std::nan("")) == "Dropout: expects a rate of at least 0 and below 1 but got nan");
  static_assert(Dropout{.rate = 0.25}.output_shape(Shape{2, 3, 4, 5}) == Shape{2, 3, 4, 5});
}
