#include <lamina/layers/batch_norm.hpp>

#include <lamina/layers/conv.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

template <typename T, int Rank>
struct Passed {
  Tensor<T, Rank> y;
  BatchNormParameters<T> p, dp;
};

/// A pass of training forward and, with dy = y², backward.
template <typename T, int Rank>
Passed<T, Rank> pass(const BatchNorm& layer, const Tensor<T, Rank>& x, const Context& context = {}) {
  Passed<T, Rank> passed;
  BatchNorm::Workspace<Tensor<T, Rank>> ws;
  passed.p = layer.initialize<T>(shape(x), Rng{1});
  layer.forward(passed.p, x, ws, passed.y, context);
  const Tensor<T, Rank> dy = passed.y * passed.y;
  layer.backward(passed.p, x, passed.y, dy, ws, static_cast<Tensor<T, Rank>*>(nullptr), passed.dp, context);
  return passed;
}

}  // namespace

TEST_CASE("the gradient of batch normalisation is right on rows and images, in training and frozen") {
  for (const bool training : {true, false})
    for (const BatchNorm layer : {BatchNorm{}, BatchNorm{.momentum = 0.3, .epsilon = 0.01}}) {
      const GradientCheckOptions options{.tolerance = 1e-7, .training = training};
      for (const auto& in : {Shape{2, 1}, Shape{5, 3}, Shape{7, 33}}) {
        const auto report = check_gradient(layer, in, options);
        CAPTURE(report, in, training);
        CHECK((report.passed() || (training && in[0] == 2)));  // two numbers become −1 and 1, whatever they are
      }
      for (const auto& in : {Shape{1, 3, 2, 4}, Shape{2, 5, 4, 3}, Shape{3, 2, 7, 18}}) {
        const auto report = check_gradient(layer, in, options);
        CAPTURE(report, in, training);
        CHECK(report.passed());
      }
    }
  CHECK(check_gradient(Sequential{Tanh{}, BatchNorm{}, ReLU{}, Conv{.filters = 2, .kernel = 2}}, Shape{2, 5, 4, 2}).passed());
}

TEST_CASE("each channel gets mean 0 and variance 1, and the running figures move by the momentum") {
  const auto x = drawn<double>(Shape{6, 4, 5, 3}, Rng{2});
  const auto [y, p, dp] = pass(BatchNorm{.momentum = 0.25, .epsilon = 1e-12}, x);
  for (Index c = 0; c < 3; ++c) {
    double mean = 0, square = 0, own = 0, own_square = 0;
    for (Index n = 0; n < 120; ++n) {
      mean += y.data()[n * 3 + c] / 120;
      square += y.data()[n * 3 + c] * y.data()[n * 3 + c] / 120;
      own += x.data()[n * 3 + c] / 120;
      own_square += x.data()[n * 3 + c] * x.data()[n * 3 + c] / 120;
    }
    CHECK(std::abs(mean) < 1e-14);
    CHECK(square == Approx(1).epsilon(1e-9));
    CHECK(dp.running_mean(c) == Approx(0.25 * own).epsilon(1e-12));
    CHECK(dp.running_var(c) == Approx(0.75 + 0.25 * (own_square - own * own) * 120 / 119).epsilon(1e-12));
  }
}

TEST_CASE("inference uses the running figures, and so does a frozen layer, which measures nothing") {
  const BatchNorm layer{};
  const auto x = drawn<double>(Shape{4, 3}, Rng{2});
  auto p = layer.initialize<double>(shape(x), Rng{1});
  for (Index c = 0; c < 3; ++c) {
    p.running_mean(c) = 0.5 * static_cast<double>(c);
    p.running_var(c) = 4;
    p.weight(c) = 3;
    p.bias(c) = -1;
  }
  BatchNorm::Workspace<Tensor<double, 2>> ws;
  Tensor<double, 2> y, frozen;
  forward_inference(layer, p, x, ws, y);
  layer.forward(p, x, ws, frozen, Context{.training = false});
  CHECK(same_bits(y, frozen));
  for (Index c = 0; c < 3; ++c)
    CHECK(y(2, c) == Approx(3 * (x(2, c) - 0.5 * static_cast<double>(c)) / std::sqrt(4 + 1e-5) - 1));
  auto dp = p;
  layer.backward(p, x, y, y, ws, &frozen, dp, Context{.training = false});
  CHECK(same_bits(dp.running_mean, p.running_mean));
  CHECK(same_bits(dp.running_var, p.running_var));
}

TEST_CASE("without a scale and an offset of its own it learns nothing, and its gradient is right") {
  const BatchNorm plain{.affine = false};
  for (const bool training : {true, false}) {
    CHECK(check_gradient(plain, Shape{5, 3}, {.training = training}).passed());
    CHECK(check_gradient(plain, Shape{3, 2, 7, 5}, {.training = training}).passed());
  }
  const auto p = plain.initialize<double>(Shape{5, 3}, Rng{1});
  CHECK(parameter_count(p) == 0);
  CHECK(plain.parameter_count(Shape{5, 3}) == 6);
  const auto x = drawn<double>(Shape{5, 3}, Rng{2});
  CHECK(same_bits(pass(plain, x).y, pass(BatchNorm{}, x).y));
}

TEST_CASE("its scale begins as its option says: at 0 it gives its offset, and its gradients are right") {
  const auto x = drawn<double>(Shape{5, 3}, Rng{2});
  CHECK(largest(pass(BatchNorm{.initial_scale = 0}, x).y) == 0);
  const Tensor<double, 2> half = 0.5 * pass(BatchNorm{}, x).y;
  CHECK(distance(pass(BatchNorm{.initial_scale = 0.5}, x).y, half) < 1e-15);
  for (const double scale : {0.0, 0.5, -2.0}) {
    CHECK(check_gradient(BatchNorm{.initial_scale = scale}, Shape{5, 3}).passed());
    CHECK(check_gradient(BatchNorm{.initial_scale = scale}, Shape{3, 2, 7, 5}).passed());
  }
  const auto why = [](const BatchNorm& layer) { return refusal<OptionError>([&] { layer.output_shape(Shape{5, 3}); }); };
  CHECK(why({.initial_scale = std::nan("")}) == "BatchNorm: expects an initial_scale between -1e30 and 1e30 but got nan");
  CHECK(why({.affine = false, .initial_scale = 0}) == "BatchNorm: expects an initial_scale of 1, as it is not affine, but got 0");
  CHECK(why({.initial_scale = 0}) == "nothing was refused");
}

TEST_CASE("float keeps its digits where the numbers are far from 0") {
  for (const float far : {0.F, 100.F, 10000.F}) {
    auto x = drawn<float>(Shape{64, 8, 8, 5}, Rng{3});
    Tensor<double, 4> exact(64, 8, 8, 5);
    for (Index i = 0; i < x.size(); ++i) {
      x.data()[i] += far;
      exact.data()[i] = static_cast<double>(x.data()[i]);
    }
    const auto in_float = pass(BatchNorm{}, x);
    const auto in_double = pass(BatchNorm{}, exact);
    CAPTURE(far);
    CHECK(distance(in_float.y, in_double.y) < (far > 1000 ? 2e-3 : 2e-5));
    CHECK(distance(in_float.dp.running_var, in_double.dp.running_var) < 1e-5);
  }
}

TEST_CASE("all instruction sets agree") {
  const auto x = drawn<float>(Shape{37, 3, 29}, Rng{4});
  std::vector<float> sums(29), squares(29), expected(29), expected_squares(29);
  const auto& baseline = kernels::normalisations<float>(kernels::instruction_set<float>("baseline"));
  const std::vector<float> shift(29, 0.25F), factor(29, 2), offset(29, -1);
  Tensor<float, 3> y(37, 3, 29), expected_y(37, 3, 29);
  baseline.moments(x.data(), 111, 29, shift.data(), expected.data(), expected_squares.data());
  baseline.scale(x.data(), 111, 29, shift.data(), factor.data(), offset.data(), expected_y.data());
  for (const kernels::InstructionSet* instruction_set : kernels::instruction_sets<float>()) {
    const auto& kernels = kernels::normalisations<float>(*instruction_set);
    kernels.moments(x.data(), 111, 29, shift.data(), sums.data(), squares.data());
    kernels.scale(x.data(), 111, 29, shift.data(), factor.data(), offset.data(), y.data());
    CAPTURE(instruction_set->name);
    for (std::size_t c = 0; c < 29; ++c) {
      CHECK(sums[c] == Approx(expected[c]).margin(1e-4));
      CHECK(squares[c] == Approx(expected_squares[c]).epsilon(1e-5));
    }
    CHECK(distance(y, expected_y) < 1e-6);
  }
}

TEST_CASE("what cannot be normalised is refused") {
  CHECK(refusal<OptionError>([] { BatchNorm{.momentum = 1.5}.output_shape(Shape{2, 3}); }) ==
        "BatchNorm: expects a momentum in 0 … 1 but got 1.5");
  CHECK(refusal<OptionError>([] { BatchNorm{.epsilon = 0}.output_shape(Shape{2, 3}); }) ==
        "BatchNorm: expects an epsilon above 0 but got 0");
  CHECK(refusal<ShapeError>([] { pass(BatchNorm{}, drawn<float>(Shape{1, 4}, Rng{1})); }) ==
        "BatchNorm: expects at least two numbers per channel to measure but got (1, 4); give larger batches, or fewer "
        "shards of them");
  CHECK_NOTHROW(pass(BatchNorm{}, drawn<float>(Shape{1, 4}, Rng{1}), Context{.training = false}));
  const auto p = BatchNorm{}.initialize<float>(Shape{2, 3}, Rng{1});
  BatchNorm::Workspace<Tensor<float, 2>> ws;
  Tensor<float, 2> y;
  CHECK(refusal<ShapeError>([&] { BatchNorm{}.forward(p, drawn<float>(Shape{2, 4}, Rng{1}), ws, y, Context{}); }) ==
        "BatchNorm: expects (N, …, 3) but got (2, 4); give it the channels that its parameters were made for");
}
