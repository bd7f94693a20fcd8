#include <lamina/layers/group_norm.hpp>

#include <lamina/layers/layer_norm.hpp>
#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

template <typename L, typename T, int Rank>
Tensor<T, Rank> output(const L& layer, const Tensor<T, Rank>& x) {
  workspace_t<L, Tensor<T, Rank>> ws;
  Tensor<T, Rank> y;
  layer.forward(layer.template initialize<T>(shape(x), Rng{1}), x, ws, y);
  return y;
}

}  // namespace

TEST_CASE("the gradients of group and layer normalisation are right") {
  for (const bool affine : {true, false}) {
    for (const Index groups : {1, 3, 6, 18})
      CHECK(check_gradient(GroupNorm{.groups = groups, .affine = affine}, Shape{3, 5, 4, 18}).passed());
    CHECK(check_gradient(GroupNorm{.groups = 1, .epsilon = 0.1, .affine = affine}, Shape{2, 2, 3, 1}).passed());
    for (const auto& in : {Shape{2, 3}, Shape{5, 17}})
      CHECK(check_gradient(LayerNorm{.affine = affine}, in).passed());
    CHECK(check_gradient(LayerNorm{.epsilon = 0.1, .affine = affine}, Shape{3, 5, 4, 3}).passed());
  }
}

TEST_CASE("each group of each sample, or each row, gets mean 0 and variance 1") {
  const auto x = drawn<double>(Shape{2, 5, 3, 6}, Rng{2});
  const auto y = output(GroupNorm{.groups = 2, .epsilon = 1e-12}, x), rows = output(LayerNorm{.epsilon = 1e-12}, x);
  for (Index n = 0; n < 2; ++n)
    for (Index g = 0; g < 2; ++g) {
      double mean = 0, square = 0;
      for (Index i = 0; i < 15; ++i)
        for (Index c = 3 * g; c < 3 * g + 3; ++c) {
          const double number = y.data()[(n * 15 + i) * 6 + c];
          mean += number / 45;
          square += number * number / 45;
        }
      CHECK(std::abs(mean) < 1e-14);
      CHECK(square == Approx(1).epsilon(1e-9));
    }
  double mean = 0, square = 0;
  for (Index c = 0; c < 6; ++c) {
    mean += rows(1, 4, 2, c) / 6;
    square += rows(1, 4, 2, c) * rows(1, 4, 2, c) / 6;
  }
  CHECK(std::abs(mean) < 1e-14);
  CHECK(square == Approx(1).epsilon(1e-9));
}

TEST_CASE("the scales of group and layer normalisation begin as their option says, and their gradients are right") {
  const auto x = drawn<double>(Shape{2, 5, 3, 6}, Rng{2});
  CHECK(largest(output(GroupNorm{.groups = 2, .initial_scale = 0}, x)) == 0);
  CHECK(largest(output(LayerNorm{.initial_scale = 0}, x)) == 0);
  const Tensor<double, 4> groups = -2 * output(GroupNorm{.groups = 2}, x), rows = 0.5 * output(LayerNorm{}, x);
  CHECK(distance(output(GroupNorm{.groups = 2, .initial_scale = -2}, x), groups) < 1e-14);
  CHECK(distance(output(LayerNorm{.initial_scale = 0.5}, x), rows) < 1e-14);
  for (const double scale : {0.0, 0.5}) {
    CHECK(check_gradient(GroupNorm{.groups = 3, .initial_scale = scale}, Shape{3, 5, 4, 18}).passed());
    CHECK(check_gradient(LayerNorm{.initial_scale = scale}, Shape{5, 17}).passed());
  }
  CHECK(refusal<OptionError>([&] { output(GroupNorm{.groups = 2, .initial_scale = 1e30}, x); }) ==
        "GroupNorm: expects an initial_scale between -1e30 and 1e30 but got 1e+30");
  CHECK(refusal<OptionError>([&] { output(LayerNorm{.affine = false, .initial_scale = 0}, x); }) ==
        "LayerNorm: expects an initial_scale of 1, as it is not affine, but got 0");
}

TEST_CASE("float keeps its digits where the numbers of a group are far from 0") {
  auto x = drawn<float>(Shape{2, 40, 40, 5}, Rng{3});
  Tensor<double, 4> exact(2, 40, 40, 5);
  for (Index i = 0; i < x.size(); ++i) {
    x.data()[i] += 1000;
    exact.data()[i] = static_cast<double>(x.data()[i]);
  }
  CHECK(distance(output(GroupNorm{.groups = 5}, x), output(GroupNorm{.groups = 5}, exact)) < 2e-4);
}

TEST_CASE("groups that do not divide the channels, an epsilon of 0 and other channels are refused") {
  CHECK(refusal<ShapeError>([] { GroupNorm{.groups = 4}.output_shape(Shape{1, 2, 3, 6}); }) ==
        "GroupNorm: expects groups that divide the channels but got 4 and (1, 2, 3, 6)");
  CHECK(refusal<OptionError>([] { GroupNorm{.epsilon = 0}.output_shape(Shape{1, 2, 3, 32}); }) ==
        "GroupNorm: expects an epsilon above 0 but got 0");
  CHECK(refusal<OptionError>([] { LayerNorm{.epsilon = -1}.output_shape(Shape{1, 2}); }) ==
        "LayerNorm: expects an epsilon above 0 but got -1");
  const auto p = LayerNorm{}.initialize<float>(Shape{2, 3}, Rng{1});
  LayerNorm::Workspace<Tensor<float, 2>> ws;
  Tensor<float, 2> y;
  CHECK(refusal<ShapeError>([&] { LayerNorm{}.forward(p, drawn<float>(Shape{2, 4}, Rng{1}), ws, y); }) ==
        "LayerNorm: expects (N, …, 3) but got (2, 4); give it the channels that its parameters were made for");
}
