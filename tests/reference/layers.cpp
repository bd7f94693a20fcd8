#include <lamina/layers/activations.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/conv_transpose.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/group_norm.hpp>
#include <lamina/layers/layer_norm.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/prelu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>

#include "reference.hpp"

using namespace lamina;
using namespace reference;

namespace {

/// A layer without parameters on scale · numbers(1), forward and, from numbers(2), backward.
template <typename T, typename L, int Rank>
void agrees(const std::string& name, const L& layer, const Shape<Rank>& in, double scale = 1) {
  using X = Tensor<T, Rank>;
  const X x = numbers<T>(1, in, scale);
  workspace_t<L, X> ws;
  output_t<L, X> y;
  layer.forward(None{}, x, ws, y);
  check(name + ".y", y);
  X dx;
  None dp;
  layer.backward(None{}, x, y, numbers<T>(2, shape(y)), ws, &dx, dp);
  check(name + ".dx", dx);
}

/// The same for a layer whose weight is numbers(3) and whose bias is numbers(4).
template <typename T, typename L, int Rank>
void agrees_with_parameters(const std::string& name, const L& layer, const Shape<Rank>& in) {
  using X = Tensor<T, Rank>;
  const X x = numbers<T>(1, in);
  auto p = layer.template initialize<T>(in, Rng{});
  p.weight = numbers<T>(3, shape(p.weight));
  if constexpr (requires { p.bias; }) p.bias = numbers<T>(4, shape(p.bias));
  workspace_t<L, X> ws;
  output_t<L, X> y;
  layer.forward(p, x, ws, y);
  check(name + ".y", y);
  X dx;
  auto dp = p;
  layer.backward(p, x, y, numbers<T>(2, shape(y)), ws, &dx, dp);
  check(name + ".dx", dx);
  check(name + ".dw", dp.weight);
  if constexpr (requires { p.bias; }) check(name + ".db", dp.bias);
}

}  // namespace

TEMPLATE_TEST_CASE("convolutions agree with PyTorch: output and all gradients", "", float, double) {
  using T = TestType;
  agrees_with_parameters<T>("conv_plain", Conv{.filters = 3, .kernel = 3}, Shape{2, 6, 5, 1});
  agrees_with_parameters<T>("conv_oblong", Conv{.filters = 4, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}},
                            Shape{2, 7, 6, 3});
  agrees_with_parameters<T>("conv_stride_padding", Conv{.filters = 5, .kernel = 5, .stride = 2, .padding = 2},
                            Shape{3, 8, 7, 2});
  agrees_with_parameters<T>("conv_wide", Conv{.filters = 9, .kernel = 3, .padding = 1}, Shape{1, 6, 5, 8});
}

TEMPLATE_TEST_CASE("groups, dilation and padding on one side agree with PyTorch", "", float, double) {
  using T = TestType;
  agrees_with_parameters<T>("conv_groups",
                            Conv{.filters = 6, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .groups = 2},
                            Shape{2, 7, 6, 4});
  agrees_with_parameters<T>(
      "conv_dilated", Conv{.filters = 4, .kernel = {3, 2}, .stride = {2, 3}, .padding = 2, .dilation = {2, 3}, .groups = 2},
      Shape{2, 9, 8, 2});
  agrees_with_parameters<T>("conv_depthwise", Conv{.filters = 5, .padding = 1, .groups = 5}, Shape{2, 7, 6, 5});
  agrees_with_parameters<T>(
      "conv_depthwise_apart", Conv{.filters = 5, .kernel = {3, 2}, .stride = 2, .padding = 1, .dilation = {1, 2}, .groups = 5},
      Shape{2, 7, 8, 5});
  agrees_with_parameters<T>("conv_asymmetric", Conv{.filters = 4, .stride = 2, .padding = {0, 1, 2, 0}}, Shape{2, 7, 6, 3});
  agrees_with_parameters<T>("conv_same", Conv{.filters = 4, .stride = 2, .padding = Same{}}, Shape{2, 7, 6, 3});
}

TEMPLATE_TEST_CASE("transposed convolutions agree with PyTorch: output and all gradients", "", float, double) {
  using T = TestType;
  agrees_with_parameters<T>("conv_transpose", ConvTranspose{.filters = 4, .stride = 2, .padding = 1, .output_padding = 1}, Shape{2, 3, 2, 3});
  agrees_with_parameters<T>("conv_transpose_oblong",
                            ConvTranspose{.filters = 2, .kernel = {2, 4}, .stride = {2, 3}, .padding = {0, 1}, .output_padding = {1, 2}},
                            Shape{2, 2, 3, 3});
  agrees_with_parameters<T>("conv_transpose_wide", ConvTranspose{.filters = 9, .padding = 1}, Shape{1, 4, 3, 8});
  agrees_with_parameters<T>(
      "conv_transpose_groups",
      ConvTranspose{.filters = 6, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .output_padding = {1, 0}, .groups = 2},
      Shape{2, 3, 2, 4});
  agrees_with_parameters<T>("conv_transpose_dilated",
                            ConvTranspose{.filters = 2, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 2}, .output_padding = {1, 2},
                                          .dilation = {2, 3}, .groups = 2},
                            Shape{1, 2, 3, 4});
  agrees_with_parameters<T>("conv_transpose_depthwise", ConvTranspose{.filters = 5, .kernel = 4, .stride = 2, .padding = 1, .groups = 5},
                            Shape{1, 2, 3, 5});
  agrees_with_parameters<T>("conv_transpose_asymmetric",
                            ConvTranspose{.filters = 2, .kernel = {4, 3}, .stride = 2, .padding = {0, 1, 2, 0}}, Shape{2, 3, 2, 3});
}

TEMPLATE_TEST_CASE("pools that round up or count their padding agree with PyTorch", "", float, double) {
  for (const bool count : {false, true}) {
    const std::string name = count ? "_counted" : "";
    agrees<TestType>("avg_pool_up" + name,
                     AvgPool{.window = 3, .stride = 2, .padding = 1, .ceil_mode = true, .count_include_pad = count},
                     Shape{2, 6, 8, 3});
    agrees<TestType>("avg_pool_down" + name,
                     AvgPool{.window = {3, 2}, .stride = 2, .padding = 1, .count_include_pad = count}, Shape{2, 7, 5, 3});
  }
  agrees<TestType>("max_pool_up", MaxPool{.window = 3, .stride = 2, .ceil_mode = true}, Shape{2, 6, 8, 3});
  agrees<TestType>("max_pool_up_padded", MaxPool{.window = 2, .padding = 1, .ceil_mode = true}, Shape{2, 4, 7, 3});
}

TEMPLATE_TEST_CASE("a dense layer agrees with PyTorch: output and all gradients", "", float, double) {
  agrees_with_parameters<TestType>("dense", Dense{.units = 6}, Shape{5, 11});
}

TEMPLATE_TEST_CASE("group and layer normalisation agree with PyTorch", "", float, double) {
  agrees_with_parameters<TestType>("group_norm", GroupNorm{.groups = 3}, Shape{3, 4, 5, 6});
  agrees_with_parameters<TestType>("layer_norm", LayerNorm{.epsilon = 0.01}, Shape{3, 4, 5, 6});
  agrees_with_parameters<TestType>("layer_norm_rows", LayerNorm{}, Shape{5, 11});
}

TEMPLATE_TEST_CASE("pools agree with PyTorch, padding not counted", "", float, double) {
  const auto both = [](const std::string& name, const MaxPool& max, const AvgPool& average, const Shape<4>& in) {
    agrees<TestType>("max_pool_" + name, max, in);
    agrees<TestType>("avg_pool_" + name, average, in);
  };
  both("plain", {.window = 2}, {.window = 2}, Shape{2, 6, 8, 3});
  both("overlapping", {.window = 3, .stride = 2, .padding = 1}, {.window = 3, .stride = 2, .padding = 1},
       Shape{2, 7, 9, 2});
  both("oblong", {.window = {3, 2}, .stride = {1, 2}, .padding = {1, 0}},
       {.window = {3, 2}, .stride = {1, 2}, .padding = {1, 0}}, Shape{2, 7, 6, 2});
}

TEMPLATE_TEST_CASE("activations agree with PyTorch", "", float, double) {
  constexpr Shape images{3, 4, 5, 2};
  agrees<TestType>("relu", ReLU{}, images, 3);
  agrees<TestType>("leaky_relu", LeakyReLU{}, images, 3);
  agrees<TestType>("leaky_relu_steep", LeakyReLU{.slope = 0.25}, images, 3);
  agrees<TestType>("sigmoid", Sigmoid{}, images, 6);
  agrees<TestType>("tanh", Tanh{}, images, 3);
  agrees<TestType>("relu6", ReLU6{}, images, 8);
  agrees<TestType>("hard_sigmoid", HardSigmoid{}, images, 5);
  agrees<TestType>("hard_swish", HardSwish{}, images, 5);
  agrees<TestType>("silu", SiLU{}, images, 6);
  agrees<TestType>("gelu", GELU{}, images, 4);
  agrees<TestType>("gelu_approximate", GELU{.approximate = true}, images, 4);
  agrees<TestType>("elu", ELU{.alpha = 0.7}, images, 3);
  agrees<TestType>("softplus", Softplus{.beta = 1.5}, images, 6);
  agrees_with_parameters<TestType>("prelu", PReLU{.num_parameters = 2}, images);
  agrees<TestType>("softmax", Softmax{}, Shape{6, 7}, 4);
}
