#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>

#include "../catch.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

template <int Rank>
double mean(const Tensor<double, Rank>& x, int power) {
  double sum = 0;
  for (Index i = 0; i < x.size(); ++i) sum += std::pow(x.data()[i], power);
  return sum / static_cast<double>(x.size());
}

}  // namespace

TEST_CASE("a convolution's weights have the variance 2 / (R·S·C) of He et al. and its biases are 0") {
  const auto p = Conv{.filters = 400, .kernel = {3, 4}}.initialize<double>(Shape{1, 9, 9, 10}, Rng{1});
  REQUIRE(shape(p.weight) == Shape{3, 4, 10, 400});
  CHECK(mean(p.weight, 1) == Approx(0).margin(0.003));
  CHECK(mean(p.weight, 2) == Approx(2.0 / 120).epsilon(0.02));
  CHECK(mean(p.weight, 4) / std::pow(mean(p.weight, 2), 2) == Approx(3).epsilon(0.05));
  CHECK(largest(p.bias) == 0);
}

TEST_CASE("a dense layer's weights have the variance 2 / F of He et al. and its biases are 0") {
  const auto p = Dense{.units = 300}.initialize<double>(Shape{1, 200}, Rng{1});
  REQUIRE(shape(p.weight) == Shape{300, 200});
  CHECK(mean(p.weight, 1) == Approx(0).margin(0.003));
  CHECK(mean(p.weight, 2) == Approx(2.0 / 200).epsilon(0.02));
  CHECK(largest(p.bias) == 0);
}

TEST_CASE("Glorot's weights fill ±√(6 / (fan_in + fan_out)) evenly") {
  const auto dense = BasicDense<GlorotUniform>{.units = 300}.initialize<double>(Shape{1, 200}, Rng{1});
  const double bound = std::sqrt(6.0 / 500);
  CHECK(largest(dense.weight) <= bound);
  CHECK(largest(dense.weight) > 0.999 * bound);
  CHECK(mean(dense.weight, 2) == Approx(bound * bound / 3).epsilon(0.02));
  CHECK(mean(dense.weight, 1) == Approx(0).margin(0.003));
  // A convolution's fans: R·S·C in, R·S·K out.
  const auto conv = BasicConv<GlorotUniform>{.filters = 64, .kernel = 5}.initialize<double>(Shape{1, 9, 9, 10}, Rng{1});
  const double conv_bound = std::sqrt(6.0 / (25 * 10 + 25 * 64));
  CHECK(largest(conv.weight) <= conv_bound);
  CHECK(largest(conv.weight) > 0.999 * conv_bound);
}

TEST_CASE("standard-normal weights do not care about fans, and biases have an initializer of their own") {
  const auto p = BasicDense<StandardNormal, StandardNormal>{.units = 2000}.initialize<double>(Shape{1, 30}, Rng{1});
  CHECK(mean(p.weight, 2) == Approx(1).epsilon(0.03));
  CHECK(mean(p.bias, 2) == Approx(1).epsilon(0.1));
  const auto zero = BasicConv<Zeros, GlorotUniform>{.filters = 8}.initialize<double>(Shape{1, 5, 5, 2}, Rng{1});
  CHECK(largest(zero.weight) == 0);
  CHECK(largest(zero.bias) > 0);
}

TEST_CASE("the weights do not depend on how the biases are drawn, and differ from them") {
  const auto with = BasicDense<StandardNormal, StandardNormal>{.units = 4}.initialize<double>(Shape{1, 1}, Rng{1});
  const auto without = BasicDense<StandardNormal, Zeros>{.units = 4}.initialize<double>(Shape{1, 1}, Rng{1});
  CHECK(same_bits(with.weight, without.weight));
  for (Index u = 0; u < 4; ++u) CHECK(with.weight(u, 0) != with.bias(u));
}

TEST_CASE("the same seed draws the same weights, another seed others") {
  const Conv conv{.filters = 3};
  const Shape in{1, 5, 5, 2};
  CHECK(same_bits(conv.initialize<float>(in, Rng{1}).weight, conv.initialize<float>(in, Rng{1}).weight));
  CHECK_FALSE(same_bits(conv.initialize<float>(in, Rng{1}).weight, conv.initialize<float>(in, Rng{2}).weight));
}

TEST_CASE("float draws are double draws, rounded") {
  const auto exact = Dense{.units = 5}.initialize<double>(Shape{1, 7}, Rng{1});
  const auto rounded = Dense{.units = 5}.initialize<float>(Shape{1, 7}, Rng{1});
  const Tensor<float, 2> expected = exact.weight.cast<float>();
  CHECK(same_bits(rounded.weight, expected));
}

TEST_CASE("an initializer of one's own is a function of random numbers and fans") {
  const auto p = []<typename I>(I initializer) {
    return BasicDense<I>{.units = 2, .weight_initializer = initializer}.template initialize<double>(Shape{1, 3},
                                                                                                    Rng{1});
  }([](Rng&, detail::Fans fans) { return static_cast<double>(100 * fans.in + fans.out); });
  CHECK(same_bits(p.weight, tensor(Shape{2, 3}, {302, 302, 302, 302, 302, 302})));
}
