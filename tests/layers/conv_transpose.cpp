#include <lamina/layers/conv_transpose.hpp>

#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/models/model.hpp>
#include <lamina/models/network.hpp>
#include <lamina/models/predictor.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/testing/gradient_check.hpp>
#include <lamina/training/trainer.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

static_assert(ConvTranspose{.filters = 8, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}, .output_padding = {1, 1}}.output_shape(
                  Shape{2, 7, 5, 3}) == Shape{2, 14, 10, 8});
static_assert(ConvTranspose{.filters = 2, .kernel = {2, 5}, .stride = {3, 1}}.output_shape(Shape{1, 4, 6, 3}) == Shape{1, 11, 10, 2});
static_assert(ConvTranspose{.kernel = 3, .padding = {0, 1, 2, 0}, .dilation = {2, 1}}.output_shape(Shape{1, 4, 6, 1}) == Shape{1, 6, 7, 1});
static_assert(ConvTranspose{.kernel = 4, .stride = 2, .padding = Same{}}.output_shape(Shape{1, 4, 6, 1}) == Shape{1, 8, 12, 1});
static_assert(ConvTranspose{.kernel = 1, .stride = {2, 3}, .padding = Same{}}.output_shape(Shape{1, 4, 6, 1}) == Shape{1, 8, 18, 1});
static_assert(ConvTranspose{.filters = 4, .kernel = 3, .stride = 2}.multiply_adds(Shape{2, 5, 7, 6}) == 2 * 5 * 7 * 6 * 9 * 4);
static_assert(ConvTranspose{.filters = 4, .kernel = {3, 2}, .groups = 2}.parameter_count(Shape{2, 5, 7, 6}) == 3 * 2 * 2 * 6 + 4);

using Parameters = ConvTranspose::Parameters<double>;
using Image = Tensor<double, 4>;

struct Result {
  Image y, dx;
  Parameters dp;
};

Result run(const ConvTranspose& layer, const Parameters& p, const Image& x, const Image& dy) {
  Result result;
  ConvTranspose::Workspace<Image> ws;
  layer.forward(p, x, ws, result.y);
  layer.backward(p, x, result.y, dy, ws, &result.dx, result.dp);
  return result;
}

/// Kernels smaller and larger than strides, paddings of every kind, output paddings, groups, dilations, few and many channels.
const std::pair<ConvTranspose, Shape<4>> settings[] = {
    {{.filters = 3, .kernel = 1}, {{2, 3, 5, 2}}},
    {{.filters = 3, .kernel = 3, .padding = 1}, {{1, 4, 3, 2}}},
    {{.filters = 8, .kernel = 3, .stride = 2, .padding = 1, .output_padding = 1}, {{3, 5, 3, 4}}},
    {{.filters = 3, .kernel = {2, 4}, .stride = {2, 3}, .padding = {0, 1}, .output_padding = {1, 2}}, {{2, 3, 4, 5}}},
    {{.filters = 2, .kernel = 2, .stride = {3, 4}}, {{2, 3, 2, 3}}},
    {{.filters = 2, .kernel = {5, 3}, .stride = 2, .padding = {2, 0, 1, 1}, .output_padding = {0, 1}, .bias = false}, {{2, 4, 3, 3}}},
    {{.filters = 2, .kernel = 4, .stride = 2, .padding = {0, 3, 1, 0}}, {{1, 3, 5, 17}}},
    {{.filters = 3, .kernel = 3, .stride = 2, .padding = Same{}}, {{2, 3, 4, 2}}},
    {{.filters = 3, .kernel = {4, 1}, .stride = {1, 3}, .padding = Same{}}, {{2, 3, 4, 2}}},
    {{.filters = 19, .kernel = 5, .padding = 4}, {{2, 6, 5, 3}}},
    {{.filters = 16, .kernel = 3, .padding = 1}, {{2, 9, 10, 16}}},
    {{.filters = 32, .kernel = 3, .padding = {2, 0, 1, 1}}, {{2, 8, 7, 16}}},
    {{.filters = 3, .kernel = {3, 2}, .stride = 2, .padding = 1, .output_padding = {2, 0}, .dilation = {3, 2}}, {{2, 3, 4, 2}}},
    {{.filters = 2, .kernel = {2, 3}, .stride = {3, 2}, .padding = {1, 0, 0, 2}, .dilation = {2, 4}, .bias = false}, {{2, 3, 3, 3}}},
    {{.filters = 3, .kernel = 2, .stride = 3, .padding = Same{}, .dilation = 3}, {{2, 4, 3, 2}}},
    {{.filters = 6, .kernel = 3, .stride = 2, .padding = 1, .output_padding = 1, .groups = 2}, {{2, 3, 5, 4}}},
    {{.filters = 4, .kernel = {3, 2}, .stride = {1, 2}, .padding = {1, 0}, .dilation = 2, .groups = 2}, {{3, 4, 3, 6}}},
    {{.filters = 5, .kernel = 3, .padding = 1, .groups = 5}, {{2, 4, 6, 5}}},
    {{.filters = 19, .kernel = 4, .stride = 2, .padding = 1, .groups = 19}, {{2, 3, 4, 19}}},
    {{.filters = 3, .kernel = {2, 3}, .stride = {1, 2}, .padding = {0, 1, 1, 0}, .output_padding = {0, 1}, .dilation = {3, 2}, .groups = 3}, {{2, 4, 3, 3}}},
};

/// Calls visit(layer, p, x, dy), with a bias that is not zero, for all settings.
void for_all_settings(const std::function<void(const ConvTranspose&, const Parameters&, const Image&, const Image&)>& visit) {
  for (const auto& setting : settings) {
    const ConvTranspose& layer = setting.first;
    const Shape<4>& in = setting.second;
    CAPTURE(layer.filters, layer.kernel, layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups, in);
    auto p = layer.initialize<double>(in, Rng{1});
    if (layer.bias) p.bias = drawn(Shape{layer.filters}, Rng{2});
    visit(layer, p, drawn(in, Rng{3}), drawn(layer.output_shape(in), Rng{4}));
  }
}

/// The sums of layers/conv_transpose.hpp, where each pixel of x adds to y.
Result by_loops(const ConvTranspose& layer, const Parameters& p, const Image& x, const Image& dy) {
  const auto in = shape(x), out = layer.output_shape(in);
  const Index C = in[3] / layer.groups, K = layer.filters / layer.groups;
  Index top = layer.padding.top, left = layer.padding.left;
  if (layer.padding.same) {  // half of what is beyond stride times the extents
    top = std::max(Index{0}, (layer.kernel.height - 1) * layer.dilation.height + 1 - layer.stride.height) / 2;
    left = std::max(Index{0}, (layer.kernel.width - 1) * layer.dilation.width + 1 - layer.stride.width) / 2;
  }
  Result made{Image(out.extents), Image(in.extents), {Image(shape(p.weight).extents), Tensor<double, 1>(out[3])}};
  made.dx.setZero();
  made.dp.weight.setZero();
  made.dp.bias.setZero();
  for (Index n = 0; n < out[0]; ++n)
    for (Index i = 0; i < out[1]; ++i)
      for (Index j = 0; j < out[2]; ++j)
        for (Index k = 0; k < out[3]; ++k) {
          made.y(n, i, j, k) = p.bias(k);
          if (layer.bias) made.dp.bias(k) += dy(n, i, j, k);
        }
  for (Index n = 0; n < in[0]; ++n)
    for (Index h = 0; h < in[1]; ++h)
      for (Index v = 0; v < in[2]; ++v)
        for (Index c = 0; c < in[3]; ++c)
          for (Index r = 0; r < layer.kernel.height; ++r)
            for (Index s = 0; s < layer.kernel.width; ++s)
              for (Index k = 0; k < K; ++k) {
                const Index i = h * layer.stride.height + r * layer.dilation.height - top;
                const Index j = v * layer.stride.width + s * layer.dilation.width - left, to = c / C * K + k;
                if (i < 0 || i >= out[1] || j < 0 || j >= out[2]) continue;
                made.y(n, i, j, to) += x(n, h, v, c) * p.weight(r, s, k, c);
                made.dx(n, h, v, c) += dy(n, i, j, to) * p.weight(r, s, k, c);
                made.dp.weight(r, s, k, c) += dy(n, i, j, to) * x(n, h, v, c);
              }
  return made;
}

double inner(const Image& a, const Image& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += a.data()[i] * b.data()[i];
  return sum;
}

}  // namespace

TEST_CASE("a 2x2 kernel with stride 1 adds the four overlapping kernels that a pencil adds") {
  const ConvTranspose layer{.filters = 1, .kernel = 2};
  const auto x = tensor(Shape{1, 2, 2, 1}, {1, 2, 3, 4});
  const Parameters p{tensor(Shape{2, 2, 1, 1}, {1, 10, 100, 1000}), tensor(Shape{1}, {0.5})};
  const auto dy = tensor(Shape{1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const auto [y, dx, dp] = run(layer, p, x, dy);
  CHECK(same_bits(y, tensor(Shape{1, 3, 3, 1}, {1.5, 12.5, 20.5, 103.5, 1234.5, 2040.5, 300.5, 3400.5, 4000.5})));
  CHECK(same_bits(dx, tensor(Shape{1, 2, 2, 1}, {5421, 6532, 8754, 9865})));
  CHECK(same_bits(dp.weight, tensor(Shape{2, 2, 1, 1}, {1 + 4 + 12 + 20, 2 + 6 + 15 + 24, 4 + 10 + 21 + 32, 5 + 12 + 24 + 36})));
  CHECK(same_bits(dp.bias, tensor(Shape{1}, {45})));
}

TEST_CASE("a stride parts the pixels, a padding cuts the border off, and an output_padding adds a row and a column that no kernel reaches") {
  const auto x = tensor(Shape{1, 1, 3, 1}, {1, 10, 100});
  const Parameters p{tensor(Shape{1, 2, 1, 1}, {1, 2}), tensor(Shape{1}, {0})};
  const auto made = [&](const ConvTranspose& layer) {
    const Image dy(layer.output_shape(shape(x)).extents);
    return run(layer, p, x, dy).y;
  };
  CHECK(same_bits(made({.kernel = {1, 2}, .stride = {1, 3}}), tensor(Shape{1, 1, 8, 1}, {1, 2, 0, 10, 20, 0, 100, 200})));
  CHECK(same_bits(made({.kernel = {1, 2}, .stride = {1, 3}, .padding = {0, 1}}), tensor(Shape{1, 1, 6, 1}, {2, 0, 10, 20, 0, 100})));
  CHECK(same_bits(made({.kernel = {1, 2}, .stride = {1, 3}, .padding = {0, 0, 0, 3}}), tensor(Shape{1, 1, 5, 1}, {1, 2, 0, 10, 20})));
  CHECK(same_bits(made({.kernel = {1, 2}, .stride = {2, 3}, .output_padding = {1, 1}}),
                  tensor(Shape{1, 2, 9, 1}, {1, 2, 0, 10, 20, 0, 100, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));
  CHECK(same_bits(made({.kernel = {1, 2}, .padding = Same{}}), tensor(Shape{1, 1, 3, 1}, {1, 12, 120})));
}

TEST_CASE("channels and filters of groups have the places that (R, S, K/groups, C) says") {
  const auto x = tensor(Shape{1, 1, 1, 4}, {1, 10, 100, 1000});
  const ConvTranspose layer{.filters = 4, .kernel = 1, .groups = 2};
  const Parameters p{tensor(Shape{1, 1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}), tensor(Shape{4}, {0, 0.5, 0, 0.25})};
  const auto y = run(layer, p, x, tensor(Shape{1, 1, 1, 4}, {0, 0, 0, 0})).y;
  CHECK(same_bits(y, tensor(Shape{1, 1, 1, 4}, {21, 65.5, 4300, 8700.25})));
}

TEST_CASE("a transposed convolution and its gradients are their defining sums") {
  for_all_settings([](const ConvTranspose& layer, const Parameters& p, const Image& x, const Image& dy) {
    const auto [y, dx, dp] = run(layer, p, x, dy);
    const auto expected = by_loops(layer, p, x, dy);
    CHECK(distance(y, expected.y) < 1e-12);
    CHECK(distance(dx, expected.dx) < 1e-12);
    CHECK(distance(dp.weight, expected.dp.weight) < 1e-12);
    CHECK(distance(dp.bias, expected.dp.bias) < 1e-12);
    CHECK(parameter_count(p) == layer.parameter_count(shape(x)));
  });
}

TEST_CASE("a transposed convolution's backward pass is the derivative of its forward pass to 1e-7") {
  for_all_settings([](const ConvTranspose& layer, const Parameters&, const Image& x, const Image&) {
    const auto report = check_gradient(layer, shape(x));
    CAPTURE(report);
    CHECK(report.passed());
  });
}

TEST_CASE("a transposed convolution is the adjoint of the convolution with its weights") {
  for_all_settings([](const ConvTranspose& layer, Parameters p, const Image& x, const Image& u) {
    p.bias.setZero();
    ConvTranspose::Workspace<Image> ws;
    Image y;
    layer.forward(p, x, ws, y);
    // The Conv maps images of y's size to x's; where output_padding is as large as the stride, to larger ones, which are cut off.
    const Conv conv{.filters = shape(x)[3], .kernel = layer.kernel, .stride = layer.stride, .padding = layer.adjoint().padding,
                    .dilation = layer.dilation, .groups = layer.groups};
    Conv::Parameters<double> own{p.weight, Tensor<double, 1>(shape(x)[3])};
    own.bias.setZero();
    Conv::Workspace<Image> conv_ws;
    Image z;
    conv.forward(own, u, conv_ws, z);
    const Image cut = z.slice(Eigen::array<Index, 4>{0, 0, 0, 0}, shape(x).extents);
    double magnitude = 0;
    for (Index i = 0; i < y.size(); ++i) magnitude += std::abs(y.data()[i] * u.data()[i]);
    CHECK(std::abs(inner(cut, x) - inner(u, y)) <= 1e-12 * magnitude);
    CHECK(magnitude > 1);
  });
}

TEST_CASE("without Winograd's algorithm, and with packed weights, a transposed convolution computes the same") {
  const ConvTranspose layer{.filters = 32, .kernel = 3, .padding = 1};
  const auto x = drawn<float>(Shape{3, 9, 14, 16}, Rng{2}), dy = drawn<float>(Shape{3, 9, 14, 32}, Rng{3});
  const auto p = layer.initialize<float>(shape(x), Rng{1});
  struct Passed {
    ConvTranspose::Workspace<Tensor<float, 4>> ws;
    Tensor<float, 4> y, dx;
    ConvTranspose::Parameters<float> dp;
  };
  const auto pass = [&](bool winograd, bool packs) {
    Passed passed;
    RoundRobin all{.worker = 0, .workers = 1};
    if (packs) layer.pack_weights(p, passed.ws, all, {.winograd = winograd});
    if (packs) CHECK(layer.share_packed(passed.ws, passed.ws) == (passed.ws.packed.size() > 0));
    layer.forward(p, x, passed.ws, passed.y, {.winograd = winograd});
    layer.backward(p, x, passed.y, dy, passed.ws, &passed.dx, passed.dp, {.winograd = winograd});
    return passed;
  };
  const auto direct = pass(false, false), fast = pass(true, false), packed = pass(true, true);
  CHECK(distance(fast.y, direct.y) < 1e-4);
  CHECK(distance(fast.dx, direct.dx) < 1e-4);
  CHECK(distance(fast.dp.weight, direct.dp.weight) < 1e-3);
  CHECK(same_bits(fast.dp.bias, direct.dp.bias));
  CHECK(same_bits(fast.y, packed.y));
  CHECK(same_bits(fast.dx, packed.dx));
  CHECK(same_bits(fast.dp.weight, packed.dp.weight));
  if (kernels::best<float>().key != std::string("baseline")) {
    CHECK(packed.ws.packed.size() == 2 * 36 * 16 * 32);
    CHECK(!same_bits(fast.y, direct.y));
  }
}

TEST_CASE("He's initializer keeps the size of what a transposed convolution makes, for strides, too") {
  for (const Index stride : {1, 2}) {
    const ConvTranspose layer{.filters = 64, .kernel = 4, .stride = stride};
    const Shape in{4, 12, 12, 64};
    const auto p = layer.initialize<double>(in, Rng{1});
    auto x = drawn(in, Rng{2});
    Image y, dy(layer.output_shape(in).extents);
    ConvTranspose::Workspace<Image> ws;
    layer.forward(p, x, ws, y);
    const Image inside = y.slice(Eigen::array<Index, 4>{0, 4, 4, 0}, Eigen::array<Index, 4>{4, 5, 5, 64});
    const double before = inner(x, x) / static_cast<double>(x.size()), behind = inner(inside, inside) / static_cast<double>(inside.size());
    CHECK(behind / before == Approx(2).epsilon(0.05));  // a ReLU then leaves half of it
  }
}

TEST_CASE("without a bias a transposed convolution has no tensor of that name, and gives what one with a bias of zero gives") {
  const ConvTranspose free{.filters = 3, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .bias = false};
  ConvTranspose biased = free;
  biased.bias = true;
  const Shape in{2, 4, 6, 3};
  const auto p = free.initialize<double>(in, Rng{1}), zero = biased.initialize<double>(in, Rng{1});
  CHECK(parameter_count(p) + 3 == parameter_count(zero));
  const auto x = drawn(in, Rng{2}), dy = drawn(free.output_shape(in), Rng{3});
  const auto [y, dx, dp] = run(free, p, x, dy);
  const auto [expected, expected_dx, expected_dp] = run(biased, zero, x, dy);
  CHECK(same_bits(y, expected));
  CHECK(same_bits(dx, expected_dx));
  CHECK(same_bits(dp.weight, expected_dp.weight));
  CHECK(same_bits(dp.bias, tensor(Shape{3}, {0, 0, 0})));
}

TEST_CASE("a network with transposed convolutions, typed or listed, trains to the same bits for any number of threads") {
  const Sequential net{Conv{.filters = 6, .stride = 2, .padding = 1}, ReLU{},
                       ConvTranspose{.filters = 4, .stride = 2, .padding = 1, .output_padding = 1, .bias = false}, BatchNorm{}, ReLU{},
                       BasicConvTranspose<GlorotUniform>{.filters = 2, .kernel = 2, .groups = 2}, ConvTranspose{.filters = 3, .padding = 2},
                       Flatten{}};
  const Network listed{Conv{.filters = 6, .stride = 2, .padding = 1}, ReLU{},
                       ConvTranspose{.filters = 4, .stride = 2, .padding = 1, .output_padding = 1, .bias = false}, BatchNorm{}, ReLU{},
                       BasicConvTranspose<GlorotUniform>{.filters = 2, .kernel = 2, .groups = 2}, ConvTranspose{.filters = 3, .padding = 2},
                       Flatten{}};
  const auto x = drawn<float>(Shape{70, 8, 10, 3}, Rng{1});
  const Dataset data{x, drawn<float>(Shape{70, 7 * 9 * 3}, Rng{2})};
  const auto trained = [&](const auto& network, Index threads) {
    Model model{network, Shape{8, 10, 3}, Rng{3}};
    Trainer{MeanSquaredError{}, SGD{.learning_rate = 0.01, .momentum = 0.9}}.fit(
        model, data, {.epochs = 2, .batch_size = 35, .threads = threads, .shards = 4});
    return std::pair{model(x), Predictor{model}(x)};
  };
  const auto [expected, predicted] = trained(net, 1);
  CHECK(expected.dimension(1) == 7 * 9 * 3);
  CHECK(distance(expected, predicted) < 1e-4);  // a Predictor computes the BatchNorm within the layer before it
  for (const Index threads : {2, 3, 4}) CHECK(same_bits(trained(net, threads).first, expected));
  CHECK(same_bits(trained(listed, 2).first, expected));
}

TEST_CASE("a BatchNorm behind a transposed convolution is computed within it at inference") {
  for (const bool bias : {true, false})
    for (const Index groups : {1, 2, 4}) {
      const ConvTranspose layer{.filters = 4, .stride = 2, .groups = groups, .bias = bias};
      const Shape in{2, 3, 4, 4};
      const auto p = layer.initialize<double>(in, Rng{1});
      const double scale[] = {2, -3, 0.5, 7}, offset[] = {1, 0, -2, 0.25};
      Parameters scaled;
      layer.rescale(p, scale, offset, scaled);
      const auto x = drawn(in, Rng{2});
      const Image dy(layer.output_shape(in).extents);
      const auto y = run(layer, p, x, dy).y, made = run(layer, scaled, x, dy).y;
      double worst = 0;
      for (Index i = 0; i < y.size(); ++i) worst = std::max(worst, std::abs(y.data()[i] * scale[i % 4] + offset[i % 4] - made.data()[i]));
      CHECK(worst < 1e-12);
    }
}

TEST_CASE("hyper-parameters that no transposed convolution has are refused, each with its text") {
  const auto refused = [](const ConvTranspose& layer, const Shape<4>& in = {{2, 6, 5, 4}}) {
    return refusal<ShapeError>([&] { layer.output_shape(in); });
  };
  CHECK(refused({.filters = 0}) == "ConvTranspose: expects filters of at least 1 but got 0");
  CHECK(refused({.groups = 0}) == "ConvTranspose: expects groups of at least 1 but got 0");
  CHECK(refused({.filters = 4, .groups = 3}) ==
        "ConvTranspose: expects channels and filters that its 3 groups divide but got (2, 6, 5, 4) and 4 filters");
  CHECK(refused({.filters = 3, .groups = 2}) ==
        "ConvTranspose: expects channels and filters that its 2 groups divide but got (2, 6, 5, 4) and 3 filters");
  CHECK(refused({.kernel = {3, 0}}) == "ConvTranspose: expects a kernel of at least 1x1 but got 3x0");
  CHECK(refused({.stride = {1, 0}}) == "ConvTranspose: expects a stride of at least 1 but got 1x0");
  CHECK(refused({.dilation = {1, 0}}) == "ConvTranspose: expects a dilation of at least 1 but got 1x0");
  CHECK(refused({.padding = {0, 1, -1, 0}}) == "ConvTranspose: expects a padding of at least 0 but got {0, 1, -1, 0}");
  CHECK(refused({}, {{2, 6, 5, 0}}) == "ConvTranspose: expects images of at least one pixel and one channel but got (2, 6, 5, 0)");
  const std::string text = "ConvTranspose: expects an output_padding of at least 0 and smaller than the stride ";
  CHECK(refused({.output_padding = 1}) == text + "1x1 or the dilation 1x1 but got 1x1; for larger images make the padding smaller");
  CHECK(refused({.stride = 2, .output_padding = {1, 2}}) == text + "2x2 or the dilation 1x1 but got 1x2; for larger images make the padding smaller");
  CHECK(refused({.stride = 2, .output_padding = {-1, 0}}) == text + "2x2 or the dilation 1x1 but got -1x0; for larger images make the padding smaller");
  CHECK(refused({.stride = 2, .output_padding = 3, .dilation = 3}) == text + "2x2 or the dilation 3x3 but got 3x3; for larger images make the padding smaller");
  CHECK(refused({.stride = 2, .output_padding = 2, .dilation = 3}) == "nothing was refused");
  CHECK(refused({.stride = 2, .padding = Same{}, .output_padding = {0, 1}}) ==
        "ConvTranspose: expects no output_padding with Same, which makes as many rows and columns as the stride says, but got 0x1; leave it "
        "out, or give the padding in numbers");
  CHECK(refused({.kernel = 3, .padding = {4, 3}}) ==
        "ConvTranspose: expects a padding that leaves a row and a column of the 8x7 pixels that it makes of (2, 6, 5, 4) but got 4x3; make the "
        "padding smaller, or the stride or the kernel larger");
  CHECK(refused({.kernel = 3, .padding = {0, 3, 0, 4}}) ==
        "ConvTranspose: expects a padding that leaves a row and a column of the 8x7 pixels that it makes of (2, 6, 5, 4) but got {0, 3, 0, "
        "4}; make the padding smaller, or the stride or the kernel larger");
  CHECK(refused({.kernel = 3, .padding = 3}) == "nothing was refused");
}

TEST_CASE("extents of transposed convolutions that overflow are refused before anything is allocated") {
  const auto refused = [](const ConvTranspose& layer, const Shape<4>& in = {{2, 6, 5, 3}}) {
    return refusal<ShapeError>([&] { layer.initialize<float>(in, Rng{1}); });
  };
  constexpr Index huge = Index{1} << 62, most = Index{1} << 30;
  CHECK(refused({.filters = huge}) == "ConvTranspose: 4611686018427387904 filters of 3x3 on images (2, 6, 5, 3) make more numbers than an index "
                                      "can count; make them fewer");
  CHECK(refused({.kernel = huge}).find("of at most 1073741824") != std::string::npos);
  CHECK(refused({.stride = huge}).find("of at most 1073741824") != std::string::npos);
  CHECK(refused({.dilation = huge}).find("that reach over at most 1073741824") != std::string::npos);
  CHECK(refused({}, {{1, huge, 5, 3}}) ==
        "ConvTranspose: expects images of at most 1073741824 rows and columns but got (1, 4611686018427387904, 5, 3)");
  CHECK(refused({.stride = most}) == "ConvTranspose: expects to make at most 1073741824 rows and columns but got (2, 6, 5, 3), a stride of "
                                     "1073741824x1073741824 and a kernel of 3x3");
  CHECK(refused({.stride = {most, 1}, .padding = {most, 0}}).find("expects to make at most") != std::string::npos);
  CHECK(ConvTranspose{}.output_shape(Shape{1, most - 2, 3, 1}) == Shape{1, most, 5, 1});
}

TEST_CASE("images of other channels than the weights are refused on a transposed convolution's way forward") {
  const ConvTranspose layer{.filters = 4, .groups = 2};
  const auto p = layer.initialize<double>(Shape{1, 5, 5, 6}, Rng{1});
  ConvTranspose::Workspace<Image> ws;
  Image y;
  CHECK(refusal<ShapeError>([&] { layer.forward(p, Image(2, 5, 5, 2), ws, y); }) ==
        "ConvTranspose: expects (N, H, W, 6) but got (2, 5, 5, 2); give it the channels that its weights (3, 3, 2, 6) were made for");
  layer.forward(p, drawn(Shape{1, 9, 4, 6}, Rng{1}), ws, y);
  CHECK(shape(y) == Shape{1, 11, 6, 4});
  const ConvTranspose none{.filters = 4, .groups = 0};
  CHECK_THROWS_AS(none.forward(p, Image(2, 5, 5, 6), ws, y), ShapeError);
}
