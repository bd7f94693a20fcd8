#include <algorithm>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/models/model.hpp>
#include <lamina/models/sequential.hpp>
#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

template <int Rank>
double mean(const Tensor<double, Rank>& x, int power) {
  double sum = 0;
  for (Index i = 0; i < x.size(); ++i) sum += std::pow(x.data()[i], power);
  return sum / static_cast<double>(x.size());
}

using Scaling = VarianceScaling;
constexpr double infinity = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();

/// Checks that a million numbers have the mean 0 and this variance, within four standard errors: with the fourth moment
/// `kurtosis` · variance², that of the measured variance is variance · √((kurtosis − 1) / n).
void check_moments(const Initializer auto& initializer, detail::Fans fans, double variance, double kurtosis) {
  Tensor<double, 1> x(1'000'000);
  initialize(x, initializer, fans, Rng{7});
  const double n = static_cast<double>(x.size());
  CHECK(std::abs(mean(x, 1)) < 4 * std::sqrt(variance / n));
  CHECK(std::abs(mean(x, 2) - variance) < 4 * variance * std::sqrt((kurtosis - 1) / n));
  CHECK(mean(x, 4) / (variance * variance) == Approx(kurtosis).epsilon(0.02));
}

/// Returns the largest difference between the products of a matrix's rows, or of its columns if they are fewer, and those
/// of orthogonal ones of this norm.
template <int Rank>
double apart_from_orthogonal(const Tensor<double, Rank>& weight, double norm) {
  const Index columns = weight.dimension(Rank - 1), rows = weight.size() / columns;
  const auto product = [&](Index i, Index j) {
    double sum = 0;
    if (rows < columns)
      for (Index c = 0; c < columns; ++c) sum += weight.data()[i * columns + c] * weight.data()[j * columns + c];
    else
      for (Index r = 0; r < rows; ++r) sum += weight.data()[r * columns + i] * weight.data()[r * columns + j];
    return sum;
  };
  double apart = 0;
  for (Index i = 0; i < std::min(rows, columns); ++i)
    for (Index j = 0; j <= i; ++j) apart = std::max(apart, std::abs(product(i, j) - (i == j ? norm * norm : 0)));
  return apart;
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

TEST_CASE("scaled variances have PyTorch's deviations and bounds") {
  // torch 2 gives these to normal_ and uniform_: kaiming_normal_ and kaiming_uniform_ with mode "fan_in" and "fan_out",
  // xavier_normal_ and xavier_uniform_, kaiming with nonlinearity "linear", xavier_uniform_ with the gain 5/3. The first
  // column is of a weight (64, 10, 5, 5), the second of one (300, 200).
  struct Row {
    Scaling initializer;
    double of_conv, of_dense;
  };
  const Row rows[] = {
      {{2, Scaling::fan_in, Scaling::normal}, 0.0894427190999916, 0.1},
      {{2, Scaling::fan_in, Scaling::uniform}, 0.1549193338482967, 0.17320508075688773},
      {{2, Scaling::fan_out, Scaling::normal}, 0.035355339059327376, 0.0816496580927726},
      {{2, Scaling::fan_out, Scaling::uniform}, 0.06123724356957945, 0.14142135623730948},
      {{1, Scaling::fan_average, Scaling::normal}, 0.03287979746107146, 0.06324555320336758},
      {{1, Scaling::fan_average, Scaling::uniform}, 0.05694947974514994, 0.10954451150103321},
      {{1, Scaling::fan_in, Scaling::normal}, 0.06324555320336758, 0.07071067811865475},
      {{1, Scaling::fan_in, Scaling::uniform}, 0.10954451150103321, 0.1224744871391589},
      {{25.0 / 9, Scaling::fan_average, Scaling::uniform}, 0.09491579957524991, 0.18257418583505536},
  };
  for (const Row& row : rows) {
    const Scaling initializer = row.initializer;
    const bool is_normal = initializer.distribution == Scaling::normal;
    // The numbers are those of a plain generator, times the deviation or the bound.
    const auto factor = [&](detail::Fans fans) {
      Rng rng{1}, plain{1};
      return initializer(rng, fans) / (is_normal ? plain.normal() : plain.uniform(-1, 1));
    };
    CHECK(factor({.in = 250, .out = 1600}) == Approx(row.of_conv).epsilon(1e-14));
    CHECK(factor({.in = 200, .out = 300}) == Approx(row.of_dense).epsilon(1e-14));
    const auto conv = BasicConv<Scaling>{.filters = 64, .kernel = 5, .weight_initializer = initializer};
    const auto dense = BasicDense<Scaling>{.units = 300, .weight_initializer = initializer};
    const auto of_conv = mean(conv.initialize<double>(Shape{1, 9, 9, 10}, Rng{1}).weight, 2);
    const auto of_dense = mean(dense.initialize<double>(Shape{1, 200}, Rng{1}).weight, 2);
    CHECK(of_conv == Approx(row.of_conv * row.of_conv / (is_normal ? 1 : 3)).epsilon(0.05));
    CHECK(of_dense == Approx(row.of_dense * row.of_dense / (is_normal ? 1 : 3)).epsilon(0.05));
  }
}

TEST_CASE("He's normal and Glorot's uniform weights are scaled variances, to the bit") {
  const Shape in{1, 9, 9, 10};
  const auto same = [&]<typename I>(I, Scaling scaling) {
    return same_bits(BasicConv<I>{.filters = 7, .kernel = 3}.template initialize<double>(in, Rng{3}).weight,
                     BasicConv<Scaling>{.filters = 7, .kernel = 3, .weight_initializer = scaling}.initialize<double>(in, Rng{3}).weight);
  };
  CHECK(same(HeNormal{}, {.scale = 2}));
  CHECK(same(GlorotUniform{}, {.fan = Scaling::fan_average, .distribution = Scaling::uniform}));
  CHECK_FALSE(same(HeNormal{}, {}));
}

TEST_CASE("drawn numbers have the mean, the variance and the kurtosis of their distribution") {
  const detail::Fans fans{.in = 20, .out = 60};
  const double of_truncated = 0.87962566103423978 * 0.87962566103423978, truncated_kurtosis = 2.365536717;
  check_moments(Scaling{.scale = 2}, fans, 2.0 / 20, 3);
  check_moments(Scaling{.fan = Scaling::fan_out}, fans, 1.0 / 60, 3);
  check_moments(Scaling{.fan = Scaling::fan_average, .distribution = Scaling::uniform}, fans, 1.0 / 40, 1.8);
  check_moments(Scaling{.scale = 3, .distribution = Scaling::truncated_normal}, fans, 3.0 / 20, truncated_kurtosis);
  check_moments(TruncatedNormal{}, fans, of_truncated, truncated_kurtosis);
  check_moments(TruncatedNormal{.deviation = 0.02}, fans, 0.02 * 0.02 * of_truncated, truncated_kurtosis);
}

TEST_CASE("truncated numbers end at two deviations, uniform ones at their bound") {
  Tensor<double, 1> x(1'000'000);
  const auto end = [&](const auto& initializer) {
    initialize(x, initializer, {.in = 20, .out = 60}, Rng{7});
    return largest(x);
  };
  const auto reaches = [](double most, double bound) { return most <= bound && most > 0.9999 * bound; };
  CHECK(reaches(end(TruncatedNormal{.deviation = 0.02}), 0.04));
  CHECK(reaches(end(Scaling{.distribution = Scaling::truncated_normal}), 2 / std::sqrt(20) / 0.87962566103423978));
  CHECK(reaches(end(Scaling{.distribution = Scaling::uniform}), std::sqrt(3.0 / 20)));
  CHECK(end(Fill{.value = -0.25}) == 0.25);
  CHECK(x(0) == -0.25);
  CHECK(end(Fill{}) == 0);
}

TEST_CASE("a grouped convolution's fans are those of one group") {
  const auto bound = [](Scaling::Fan fan) {
    const Scaling uniform{.fan = fan, .distribution = Scaling::uniform};
    const BasicConv<Scaling> conv{.filters = 200, .kernel = {3, 4}, .groups = 5, .weight_initializer = uniform};
    return largest(conv.initialize<double>(Shape{1, 9, 9, 50}, Rng{1}).weight);
  };
  const auto is = [](double most, double fan) { return most <= std::sqrt(3 / fan) && most > 0.999 * std::sqrt(3 / fan); };
  CHECK(is(bound(Scaling::fan_in), 3 * 4 * 50 / 5));
  CHECK(is(bound(Scaling::fan_out), 3 * 4 * 200 / 5));
  CHECK(is(bound(Scaling::fan_average), 3 * 4 * (50 + 200) / 5 / 2));
}

TEST_CASE("orthogonal weights are orthogonal, wide, tall and square, and have the norm of the gain") {
  for (const double gain : {1.0, std::sqrt(2.0)}) {
    const auto dense = [&](Index inputs, Index units) {
      const BasicDense<Orthogonal> layer{.units = units, .weight_initializer = {.gain = gain}};
      const auto p = layer.initialize<double>(Shape{1, inputs}, Rng{5});
      CHECK(largest(p.bias) == 0);
      return apart_from_orthogonal(p.weight, gain);
    };
    CHECK(dense(1, 1) < 1e-14);
    CHECK(dense(300, 7) < 1e-14);
    CHECK(dense(7, 300) < 1e-14);
    CHECK(dense(1, 9) < 1e-14);
    CHECK(dense(8, 8) < 1e-14);
    CHECK(dense(331, 331) < 1e-14);
    CHECK(dense(70, 69) < 1e-14);
    const auto conv = [&](Index channels, Index filters, Index groups) {
      const BasicConv<Orthogonal> layer{
          .filters = filters, .kernel = {3, 2}, .groups = groups, .weight_initializer = {.gain = gain}};
      return apart_from_orthogonal(layer.initialize<double>(Shape{1, 9, 9, channels}, Rng{5}).weight, gain);
    };
    CHECK(conv(5, 17, 1) < 1e-14);
    CHECK(conv(2, 40, 1) < 1e-14);
    CHECK(conv(10, 40, 5) < 1e-14);
    CHECK(conv(16, 16, 16) < 1e-14);
  }
}

TEST_CASE("orthogonal matrices are drawn evenly: their numbers have the mean 0 and the variance 1 / columns") {
  // With signs as a QR decomposition gives them, the diagonal would have one sign.
  double trace = 0, squares = 0;
  constexpr Index times = 2000, n = 5;
  for (Index time = 0; time < times; ++time) {
    const auto q = detail::orthonormal_vectors(n, n, Rng{11}.split(static_cast<std::uint64_t>(time)));
    for (std::size_t i = 0; i < n; ++i) trace += q[i * n + i], squares += q[i * n + i] * q[i * n + i];
  }
  // A diagonal number has the variance 1/n and the fourth moment 3 / (n·(n + 2)); the trace has the variance 1 (Diaconis,
  // Shahshahani 1994). Those of the squares are nearly independent.
  CHECK(std::abs(trace / times) < 4 / std::sqrt(times));
  const double deviation = std::sqrt(3.0 / (n * (n + 2)) - 1.0 / (n * n));
  CHECK(std::abs(squares / times / n - 1.0 / n) < 4 * deviation / std::sqrt(times));
}

TEST_CASE("a float network's orthogonal weights are the double ones, rounded, and those that are chosen at run time") {
  const BasicDense<Orthogonal> dense{.units = 5, .weight_initializer = {.gain = 1.5}};
  const auto exact = dense.initialize<double>(Shape{1, 7}, Rng{1});
  const Tensor<float, 2> expected = exact.weight.cast<float>();
  CHECK(same_bits(dense.initialize<float>(Shape{1, 7}, Rng{1}).weight, expected));
  const BasicDense<detail::AnyInitializer> listed{.units = 5, .weight_initializer = Orthogonal{.gain = 1.5}};
  CHECK(same_bits(listed.initialize<double>(Shape{1, 7}, Rng{1}).weight, exact.weight));
}

TEST_CASE("an initializer that is chosen at run time draws what it was made of") {
  const auto alike = []<typename I>(I initializer) {
    const BasicConv<I> conv{.filters = 6, .weight_initializer = initializer};
    const BasicConv<detail::AnyInitializer> listed{.filters = 6, .weight_initializer = initializer};
    const Shape in{1, 5, 5, 3};
    return same_bits(conv.template initialize<double>(in, Rng{2}).weight, listed.initialize<double>(in, Rng{2}).weight);
  };
  CHECK(alike(HeNormal{}));
  CHECK(alike(GlorotUniform{}));
  CHECK(alike(StandardNormal{}));
  CHECK(alike(Zeros{}));
  CHECK(alike(Fill{.value = 0.1}));
  CHECK(alike(Scaling{.scale = 3, .fan = Scaling::fan_out, .distribution = Scaling::truncated_normal}));
  CHECK(alike(TruncatedNormal{.deviation = 0.3}));
  CHECK(alike(Orthogonal{.gain = 3}));
}

TEST_CASE("numbers that an initializer cannot draw with are refused") {
  const auto why = []<typename I>(I initializer) {
    const Sequential network{Flatten{}, BasicDense<I>{.units = 2, .weight_initializer = initializer}};
    return refusal<OptionError>([&] { Model{network, Shape{4, 4, 1}, Rng{1}}; });
  };
  CHECK(why(Orthogonal{.gain = no_number}) == "layer 1: Orthogonal: expects a gain above 0 and below 1e30 but got nan");
  CHECK(why(Orthogonal{.gain = 0}) == "layer 1: Orthogonal: expects a gain above 0 and below 1e30 but got 0");
  CHECK(why(TruncatedNormal{.deviation = -1}) ==
        "layer 1: TruncatedNormal: expects a deviation above 0 and below 1e30 but got -1");
  CHECK(why(Scaling{.scale = 0}) == "layer 1: VarianceScaling: expects a scale above 0 and below 1e30 but got 0");
  CHECK(why(Scaling{.scale = infinity}) == "layer 1: VarianceScaling: expects a scale above 0 and below 1e30 but got inf");
  CHECK(why(Fill{.value = no_number}) == "layer 1: Fill: expects a value between -1e30 and 1e30 but got nan");
  CHECK(why(detail::AnyInitializer{Orthogonal{.gain = -1}}) ==
        "layer 1: Orthogonal: expects a gain above 0 and below 1e30 but got -1");
  CHECK(why(Fill{.value = -3}) == "nothing was refused");
}

TEST_CASE("biases cannot be drawn orthogonal") {
  const std::string text = "Orthogonal: expects a matrix of weights but got biases; draw these by Zeros or Fill";
  const auto why = [](const auto& layer) {
    return refusal<OptionError>([&] { layer.template initialize<float>(Shape{1, 4}, Rng{1}); });
  };
  CHECK(why(BasicDense<HeNormal, Orthogonal>{.units = 2}) == text);
  CHECK(why(BasicDense<HeNormal, detail::AnyInitializer>{.units = 2, .bias_initializer = Orthogonal{}}) == text);
  CHECK(why(BasicDense<HeNormal, Orthogonal>{.units = 2, .bias = false}) == "nothing was refused");
}
