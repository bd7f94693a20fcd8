#include <lamina/layers/conv.hpp>

#include <lamina/layers/conv_relu.hpp>
#include <lamina/layers/conv_relu_max_pool.hpp>
#include <lamina/models/model.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr Shape preprocess_image{1, 3, 3, 1};

static_assert(Conv{.filters = 6, .kernel = 5, .padding = 2}.output_shape(Shape{64, 28, 28, 1}) == Shape{64, 28, 28, 6});
static_assert(Conv{.filters = 2, .kernel = {2, 3}, .stride = {1, 2}}.output_shape(Shape{1, 5, 8, 3}) ==
              Shape{1, 4, 3, 2});
static_assert(Conv{.kernel = 5, .padding = {0, 2}}.output_shape(Shape{1, 5, 1, 1}) == Shape{1, 1, 1, 1});
static_assert(Conv{.kernel = 1, .stride = 3}.output_shape(Shape{1, 7, 6, 1}) == Shape{1, 3, 2, 1});
static_assert(Conv{.filters = 6, .kernel = 5, .padding = 2}.multiply_adds(Shape{1, 28, 28, 1}) == 28 * 28 * 6 * 25);

using Parameters = Conv::Parameters<double>;
using Image = Tensor<double, 4>;

struct Result {
  Image y, dx;
  Parameters dp;
};

Result run(const Conv& conv, const Parameters& p, const Image& x, const Image& dy) {
  Result result;
  Conv::Workspace<Image> ws;
  conv.forward(p, x, ws, result.y);
  conv.backward(p, x, result.y, dy, ws, &result.dx, result.dp);
  return result;
}

}  // namespace

TEST_CASE("a 2x2 kernel with stride 1 and no padding gives the four numbers computed by hand") {
  const Conv conv{.filters = 1, .kernel = 2};
  const auto x = tensor(preprocess_image, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Parameters p{tensor(Shape{2, 2, 1, 1}, {1, 0, -1, 2}), tensor(Shape{1}, {10})};
  const auto dy = tensor(Shape{1, 2, 2, 1}, {1, 2, 3, 4});
  const auto [y, dx, dp] = run(conv, p, x, dy);
  // 1·1 + 0·2 − 1·4 + 2·5 = 7, then 2 − 5 + 12 = 9, 4 − 7 + 16 = 13, 5 − 8 + 18 = 15, each with the bias 10
  CHECK(same_bits(y, tensor(Shape{1, 2, 2, 1}, {17, 19, 23, 25})));
  // every x collects dy·w over the windows that it is in
  CHECK(same_bits(dx, tensor(preprocess_image, {1, 2, 0, -1 + 3, 2 - 2 + 0 + 4, 4, -3, 6 - 4, 8})));
  CHECK(same_bits(dp.weight,
                  tensor(Shape{2, 2, 1, 1}, {1 + 4 + 12 + 20, 2 + 6 + 15 + 24, 4 + 10 + 21 + 32, 5 + 12 + 24 + 36})));
  CHECK(same_bits(dp.bias, tensor(Shape{1}, {10})));
}

TEST_CASE("a 3x3 kernel with stride 2 and padding 1 gives the four numbers computed by hand") {
  const Conv conv{.filters = 1, .kernel = 3, .stride = 2, .padding = 1};
  const auto x = tensor(preprocess_image, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Parameters p{tensor(Shape{3, 3, 1, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}), tensor(Shape{1}, {0.5})};
  const auto dy = tensor(Shape{1, 2, 2, 1}, {1, 10, 100, 1000});
  const auto [y, dx, dp] = run(conv, p, x, dy);
  // top left: the kernel's lower right 2x2 lies on 1 2 / 4 5: 5 + 12 + 32 + 45 = 94
  // top right: its lower left on 2 3 / 5 6:  8 + 15 + 35 + 48 = 106
  // bottom left: its upper right on 4 5 / 7 8: 8 + 15 + 35 + 48 = 106
  // bottom right: its upper left on 5 6 / 8 9: 5 + 12 + 32 + 45 = 94
  CHECK(same_bits(y, tensor(Shape{1, 2, 2, 1}, {94.5, 106.5, 106.5, 94.5})));
  CHECK(same_bits(dx,
                  tensor(preprocess_image, {5, 6 + 40, 50, 8 + 200, 9 + 70 + 300 + 1000, 80 + 2000, 500, 600 + 4000, 5000})));
  CHECK(same_bits(dp.weight, tensor(Shape{3, 3, 1, 1}, {5000, 400 + 6000, 500, 20 + 8000, 1 + 30 + 700 + 9000, 2 + 800,
                                                        50, 4 + 60, 5})));
  CHECK(same_bits(dp.bias, tensor(Shape{1}, {1111})));
}

TEST_CASE("the kernel is not flipped: a single weight shifts the image its own way") {
  const auto x = tensor(Shape{1, 1, 4, 1}, {1, 2, 3, 4});
  const Conv conv{.filters = 1, .kernel = {1, 2}};
  const auto dy = tensor(Shape{1, 1, 3, 1}, {0, 0, 0});
  const Parameters first{tensor(Shape{1, 2, 1, 1}, {1, 0}), tensor(Shape{1}, {0})};
  const Parameters second{tensor(Shape{1, 2, 1, 1}, {0, 1}), tensor(Shape{1}, {0})};
  CHECK(same_bits(run(conv, first, x, dy).y, tensor(Shape{1, 1, 3, 1}, {1, 2, 3})));
  CHECK(same_bits(run(conv, second, x, dy).y, tensor(Shape{1, 1, 3, 1}, {2, 3, 4})));
}

TEST_CASE("channels and filters have the places that (R, S, C, K) says") {
  const auto x = tensor(Shape{1, 1, 2, 2}, {1, 10, 100, 1000});
  const Conv conv{.filters = 2, .kernel = {1, 2}};
  const Parameters p{tensor(Shape{1, 2, 2, 2}, {1, -1, 2, -2, 3, -3, 4, -5}), tensor(Shape{2}, {0.25, 0.75})};
  const auto y = run(conv, p, x, tensor(Shape{1, 1, 1, 2}, {0, 0})).y;
  CHECK(same_bits(y, tensor(Shape{1, 1, 1, 2}, {1 + 20 + 300 + 4000.25, -1 - 20 - 300 - 5000 + 0.75})));
}

TEST_CASE("a convolution agrees with its defining sum for strides beyond the kernel and padding beyond the kernel") {
  for (const auto& conv : {Conv{.filters = 3, .kernel = {2, 3}, .stride = {3, 4}, .padding = {2, 4}},
                           Conv{.filters = 3, .kernel = 1, .stride = 2, .padding = 1},
                           Conv{.filters = 3, .kernel = {4, 1}, .stride = {1, 2}, .padding = {3, 0}}}) {
    const Shape in{2, 5, 7, 2};
    const auto x = drawn(in, Rng{1});
    auto p = conv.initialize<double>(in, Rng{2});
    p.bias = drawn(Shape{3}, Rng{3});
    const Shape out = conv.output_shape(in);
    Image expected(out.extents);
    for (Index n = 0; n < out[0]; ++n)
      for (Index i = 0; i < out[1]; ++i)
        for (Index j = 0; j < out[2]; ++j)
          for (Index k = 0; k < out[3]; ++k) {
            double sum = p.bias(k);
            for (Index r = 0; r < conv.kernel.height; ++r)
              for (Index s = 0; s < conv.kernel.width; ++s)
                for (Index c = 0; c < in[3]; ++c) {
                  const Index h = i * conv.stride.height + r - conv.padding.top;
                  const Index w = j * conv.stride.width + s - conv.padding.left;
                  if (h >= 0 && h < in[1] && w >= 0 && w < in[2]) sum += x(n, h, w, c) * p.weight(r, s, c, k);
                }
            expected(n, i, j, k) = sum;
          }
    CHECK(distance(run(conv, p, x, expected).y, expected) < 1e-13);
  }
}

TEST_CASE("hyper-parameters that no convolution has are refused, each with its text") {
  const auto refused = [](const Conv& conv, const Shape<4>& in = {{2, 6, 5, 3}}) {
    return refusal<ShapeError>([&] { conv.output_shape(in); });
  };
  CHECK(refused({.filters = 0}) == "Conv: expects filters of at least 1 but got 0");
  CHECK(refused({.kernel = 0}) == "Conv: expects a kernel of at least 1x1 but got 0x0");
  CHECK(refused({.kernel = {3, -1}}) == "Conv: expects a kernel of at least 1x1 but got 3x-1");
  CHECK(refused({.stride = {1, 0}}) == "Conv: expects a stride of at least 1 but got 1x0");
  CHECK(refused({.padding = -1}) == "Conv: expects a padding of at least 0 but got -1x-1");
  CHECK(refused({.kernel = {6, 7}}) ==
        "Conv: expects images at least as large as its 6x7 kernel but got (2, 6, 5, 3) padded by 0x0; make the kernel "
        "smaller or the padding larger");
  CHECK(refused({.kernel = {6, 7}, .padding = {0, 1}}) == "nothing was refused");
  CHECK(refused({}, {{2, 6, 5, 0}}) ==
        "Conv: expects images of at least one pixel and one channel but got (2, 6, 5, 0)");
  CHECK(refused({.padding = 2}, {{2, 0, 5, 3}}) ==
        "Conv: expects images of at least one pixel and one channel but got (2, 0, 5, 3)");
}

TEST_CASE("extents that overflow are refused before anything is allocated") {
  const auto refused = [](const Conv& conv, const Shape<4>& in = {{2, 6, 5, 3}}) {
    return refusal<ShapeError>([&] { conv.initialize<float>(in, Rng{1}); });
  };
  constexpr Index huge = Index{1} << 62;
  CHECK(refused({.filters = huge}) ==
        "Conv: 4611686018427387904 filters of 3x3 on images (2, 6, 5, 3) make more numbers "
        "than an index can count; make them fewer");
  CHECK(refused({.kernel = huge, .padding = huge}) ==
        "Conv: expects a kernel, a stride and a padding of at most 1073741824 but got "
        "4611686018427387904x4611686018427387904, 1x1 and 4611686018427387904x4611686018427387904");
  CHECK(refused({.stride = huge}).find("of at most 1073741824") != std::string::npos);
  CHECK(refused({}, {{1, huge, 5, 3}}) ==
        "Conv: expects images of at most 1073741824 rows and columns but got (1, 4611686018427387904, 5, 3)");
  // Few outputs, but a border that no memory holds.
  constexpr Index most = Index{1} << 30;
  CHECK(refused({.stride = most, .padding = most}) ==
        "Conv: images (2, 6, 5, 3) padded by 1073741824x1073741824 hold more numbers than an index can count");
  CHECK_THROWS_AS((Conv{.filters = most}.multiply_adds(Shape{most, 5, 5, 1})), ShapeError);
  // The largest that is allowed, is.
  CHECK(Conv{}.output_shape(Shape{1, most, 3, 1}) == Shape{1, most - 2, 1, 1});
  CHECK(Conv{}.output_shape(Shape{1, 3, most, 1}) == Shape{1, 1, most - 2, 1});
}

TEST_CASE("images of other channels than the weights are refused on the way forward") {
  const Conv conv{.filters = 4};
  const auto p = conv.initialize<double>(Shape{1, 5, 5, 3}, Rng{1});
  Conv::Workspace<Image> ws;
  Image y;
  CHECK(refusal<ShapeError>([&] { conv.forward(p, Image(2, 5, 5, 1), ws, y); }) ==
        "Conv: expects (N, H, W, 3) but got (2, 5, 5, 1); give it the channels that its weights (3, 3, 3, 4) were made "
        "for");
  CHECK_THROWS_AS(conv.forward(p, Image(2, 2, 5, 3), ws, y), ShapeError);
  const Conv no_stride{.filters = 4, .stride = 0};
  CHECK_THROWS_AS(no_stride.forward(p, Image(2, 5, 5, 3), ws, y), ShapeError);
}

TEST_CASE("one set of weights serves images of any size") {
  const Conv conv{.filters = 2, .kernel = 2};
  const auto p = conv.initialize<double>(Shape{1, 5, 5, 1}, Rng{1});
  Conv::Workspace<Image> ws;
  Image y;
  conv.forward(p, drawn(Shape{1, 9, 4, 1}, Rng{1}), ws, y);
  CHECK(shape(y) == Shape{1, 8, 3, 2});
}

TEST_CASE("a convolution with a thread pool shares a large pass out among it, and leaves a small one alone") {
  if (kernels::best<float>().key == std::string("baseline")) return;
  const Conv conv{.filters = 96, .kernel = 3, .padding = 1};  // three times the strip of the widest registers
  ThreadPool thread_pool{3};
  const Context inference = Context{.thread_pool = &thread_pool}.for_inference();
  for (const Index side : {32, 3}) {
    const auto x = drawn<float>(Shape{1, side, side, 64}, Rng{2});
    const auto p = conv.initialize<float>(shape(x), Rng{1});
    Conv::Workspace<Tensor<float, 4>> alone, shared;
    RoundRobin all{.worker = 0, .workers = 1};
    conv.pack_weights(p, shared, all, inference);
    conv.share_packed(shared, shared);
    Tensor<float, 4> y, y_shared;
    conv.forward(p, x, alone, y);
    conv.forward(p, x, shared, y_shared, inference);
    CHECK(same_bits(y, y_shared));
    kernels::ConvShape extents = conv.window(x, alone, {});
    extents.inference = true;
    extents.parts = side == 32 ? thread_pool.size() : 1;
    const Index size = kernels::convolutions<float>().conv_scratch(extents);
    CHECK(shared.scratch.size() == size * extents.parts);
    conv.forward(p, x, shared, y_shared);
    CHECK(shared.scratch.size() == alone.scratch.size());
  }
}

TEST_CASE("a thread pool shares other convolutions of inference, too, to the same bits") {
  ThreadPool thread_pool{3};
  const Context inference = Context{.thread_pool = &thread_pool}.for_inference();
  for (const Conv& conv : {Conv{.filters = 40, .kernel = 7, .stride = 2, .padding = 3}, Conv{.filters = 40, .kernel = 1},
                          Conv{.filters = 40, .kernel = 3, .padding = Same{}}}) {
    CAPTURE(conv.kernel);
    const auto x = drawn<float>(Shape{2, 75, 74, 21}, Rng{2});
    const auto p = conv.initialize<float>(shape(x), Rng{1});
    Conv::Workspace<Tensor<float, 4>> alone, shared;
    RoundRobin all{.worker = 0, .workers = 1};
    conv.pack_weights(p, shared, all, inference);
    CHECK(conv.share_packed(shared, shared));
    CHECK(shared.packed.size() == p.weight.size());
    Tensor<float, 4> y, y_shared;
    conv.forward(p, x, alone, y);
    conv.forward(p, x, shared, y_shared, inference);
    CHECK(same_bits(y, y_shared));
    CHECK(shared.scratch.size() == 3 * alone.scratch.size());
  }
}

TEST_CASE("a window that does not fit, as the channels of images stand first, is told so") {
  const std::string remedy = "; the channels seem to stand first: bring the samples into the order (height, width, channels)";
  const auto text = [](Shape<4> images) {
    return refusal<ShapeError>([&] { Conv{.filters = 2, .kernel = 5}.output_shape(images); });
  };
  CHECK(text(Shape{2, 1, 28, 28}).find(remedy) != std::string::npos);
  CHECK(text(Shape{2, 3, 32, 32}).find(remedy) != std::string::npos);
  CHECK(text(Shape{2, 3, 4, 1}).find(remedy) == std::string::npos);
}

TEST_CASE("without a bias a convolution has no tensor of that name, and gives what one with a bias of zero gives") {
  const Conv free{.filters = 3, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .bias = false};
  Conv biased = free;
  biased.bias = true;
  const Shape in{2, 7, 6, 3};
  CHECK(check_gradient(free, in).passed());
  const auto p = free.initialize<double>(in, Rng{1}), zero = biased.initialize<double>(in, Rng{1});
  CHECK(parameter_count(p) == free.parameter_count(in));
  CHECK(parameter_count(p) + 3 == parameter_count(zero));
  const auto x = drawn(in, Rng{2});
  const auto dy = drawn(free.output_shape(in), Rng{3});
  const auto [y, dx, dp] = run(free, p, x, dy);
  const auto [expected, expected_dx, expected_dp] = run(biased, zero, x, dy);
  CHECK(same_bits(y, expected));
  CHECK(same_bits(dx, expected_dx));
  CHECK(same_bits(dp.weight, expected_dp.weight));
  const Model model{Sequential{free}, Shape{7, 6, 3}, Rng{1}};
  CHECK(std::vector<std::string>(model.parameters().names().begin(), model.parameters().names().end()) ==
        std::vector<std::string>{"0.weight"});
  CHECK(model.parameters().empty().size() == 1);
}

namespace {

/// A convolution by its defining sum, whatever its groups, dilation and padding.
Image defining_sum(const Conv& conv, const Parameters& p, const Image& x) {
  const auto in = shape(x);
  const Padding padding = conv.slide().padding_of(in[1], in[2]);
  const Index C = in[3] / conv.groups, K = conv.filters / conv.groups;
  Image y(conv.output_shape(in).extents);
  for (Index n = 0; n < in[0]; ++n)
    for (Index i = 0; i < y.dimension(1); ++i)
      for (Index j = 0; j < y.dimension(2); ++j)
        for (Index k = 0; k < conv.filters; ++k) {
          double sum = p.bias(k);
          for (Index r = 0; r < conv.kernel.height; ++r)
            for (Index s = 0; s < conv.kernel.width; ++s)
              for (Index c = 0; c < C; ++c) {
                const Index h = i * conv.stride.height + r * conv.dilation.height - padding.top;
                const Index w = j * conv.stride.width + s * conv.dilation.width - padding.left;
                if (h >= 0 && h < in[1] && w >= 0 && w < in[2]) sum += x(n, h, w, k / K * C + c) * p.weight(r, s, c, k);
              }
          y(n, i, j, k) = sum;
        }
  return y;
}

/// Groups, depthwise ones among them, dilations, paddings of every kind, strides that share a divisor with the dilation.
const std::pair<Conv, Shape<4>> further_convs[] = {
    {{.filters = 6, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .groups = 2}, {{2, 7, 6, 4}}},
    {{.filters = 6, .kernel = 3, .groups = 3, .bias = false}, {{3, 5, 4, 3}}},
    {{.filters = 32, .kernel = 3, .padding = 1, .groups = 2}, {{2, 6, 9, 32}}},
    {{.filters = 3, .kernel = {3, 2}, .padding = {2, 1}, .dilation = {2, 3}}, {{2, 7, 8, 2}}},
    {{.filters = 3, .kernel = {2, 3}, .stride = {2, 3}, .padding = 2, .dilation = {4, 2}}, {{2, 9, 8, 2}}},
    {{.filters = 4, .kernel = 2, .stride = 4, .padding = {0, 1, 2, 3}, .dilation = 6, .groups = 2}, {{1, 13, 11, 2}}},
    {{.filters = 3, .kernel = 3, .padding = {0, 1, 2, 0}}, {{2, 5, 6, 2}}},
    {{.filters = 17, .kernel = 5, .stride = 2, .padding = {2, 1, 1, 2}}, {{2, 8, 7, 3}}},
    {{.filters = 16, .kernel = 3, .padding = {1, 1, 2, 0}}, {{2, 9, 7, 16}}},
    {{.filters = 3, .kernel = 1, .padding = {0, 0, 1, 2}}, {{2, 3, 4, 2}}},
    {{.filters = 3, .kernel = {3, 4}, .stride = 2, .padding = Same{}}, {{2, 7, 6, 2}}},
    {{.filters = 3, .kernel = 2, .stride = 3, .padding = Same{}, .dilation = 2}, {{2, 8, 7, 2}}},
    {{.filters = 1, .kernel = 1, .stride = 3, .padding = Same{}}, {{1, 7, 5, 1}}},
    {{.filters = 5, .kernel = 3, .padding = 1, .groups = 5}, {{2, 4, 7, 5}}},
    {{.filters = 2, .kernel = 3, .padding = 1, .groups = 2}, {{2, 1, 1, 2}}},
    {{.filters = 35, .kernel = 3, .padding = {2, 4, 0, 3}, .groups = 35, .bias = false}, {{2, 3, 2, 35}}},
    {{.filters = 16, .kernel = 3, .groups = 16}, {{1, 5, 8, 16}}},
    {{.filters = 19, .kernel = 3, .stride = 2, .padding = 1, .groups = 19}, {{2, 5, 9, 19}}},
    {{.filters = 33, .kernel = {5, 4}, .padding = Same{}, .groups = 33, .bias = false}, {{1, 6, 9, 33}}},
    {{.filters = 3, .kernel = {2, 3}, .stride = {1, 2}, .padding = {3, 0, 0, 2}, .dilation = {2, 3}, .groups = 3}, {{2, 5, 9, 3}}},
    {{.filters = 2, .kernel = 7, .padding = 3, .groups = 2}, {{1, 3, 2, 2}}},
    {{.filters = 2, .kernel = 2, .padding = 5, .groups = 2}, {{1, 3, 2, 2}}},
    {{.filters = 2, .kernel = 1, .stride = 2, .groups = 2}, {{2, 5, 6, 2}}},
};

}  // namespace

TEST_CASE("groups, dilation and padding of every kind agree with the defining sum, and their gradients are right") {
  for (const auto& [conv, in] : further_convs) {
    CAPTURE(conv.filters, conv.kernel, conv.stride, conv.padding, conv.dilation, conv.groups, in);
    const auto p = conv.initialize<double>(in, Rng{1});
    const auto x = drawn(in, Rng{2});
    Conv::Workspace<Image> ws;
    Image y;
    conv.forward(p, x, ws, y);
    CHECK(distance(y, defining_sum(conv, p, x)) < 1e-13);
    CHECK(parameter_count(p) == conv.parameter_count(in));
    const auto report = check_gradient(conv, in);
    CAPTURE(report);
    CHECK(report.passed());
  }
}

TEST_CASE("a ReLU and a pool behind such a convolution are the layers one after another, and the fused layer's gradient is right") {
  for (const auto& [conv, in] : further_convs) {
    if (conv.output_shape(in)[1] < 2 || conv.output_shape(in)[2] < 2) continue;
    CAPTURE(conv.filters, conv.kernel, conv.stride, conv.padding, conv.dilation, conv.groups, in);
    CHECK(check_gradient(detail::ConvReLU<Conv>{conv, {}}, in).passed());
    CHECK(check_gradient(detail::ConvReLUMaxPool<Conv>{conv, {}, {}}, in).passed());
    const BasicModel<double> model{Sequential{conv, ReLU{}, MaxPool{}}, Shape{in[1], in[2], in[3]}, Rng{1}};
    const auto x = drawn(in, Rng{2});
    const Image z = defining_sum(conv, conv.initialize<double>(in, Rng{1}.split(0)), x);
    Image a, y;
    None none;
    MaxPool::Workspace<Image> ws;
    ReLU{}.forward(none, z, none, a);
    MaxPool{}.forward(none, std::as_const(a), ws, y);
    CHECK(distance(model.output<4>(x), y) < 1e-13);
  }
}

TEST_CASE("all instruction sets agree on depthwise convolutions") {
  const kernels::ConvShape window{.N = 2, .H = 7, .W = 13, .C = 37, .K = 37, .R = 3, .S = 3, .stride_h = 1, .stride_w = 1,
                               .padding_h = 1, .padding_w = 1, .P = 7, .Q = 13};
  const Shape in{2, 7, 13, 37};
  const auto x = drawn<float>(in, Rng{1}), dy = drawn<float>(in, Rng{2}), w = drawn<float>(Shape{3, 3, 1, 37}, Rng{3});
  const std::vector<float> b(37, 0.5F);
  struct Passed {
    Tensor<float, 4> y{2, 7, 13, 37}, dx{2, 7, 13, 37}, dw{3, 3, 1, 37};
    Tensor<float, 1> db{37};
  };
  const auto pass = [&](const kernels::InstructionSet& instruction_set) {
    Passed passed;
    const auto& depthwise = kernels::depthwise<float>(instruction_set);
    depthwise.forward(window, x.data(), w.data(), b.data(), passed.y.data());
    depthwise.backward(window, x.data(), w.data(), dy.data(), passed.dx.data(), passed.dw.data(), passed.db.data());
    return passed;
  };
  const Passed expected = pass(kernels::instruction_set<float>("baseline"));
  for (const kernels::InstructionSet* instruction_set : kernels::instruction_sets<float>()) {
    const Passed passed = pass(*instruction_set);
    CAPTURE(instruction_set->name);
    CHECK(distance(passed.y, expected.y) < 1e-5);
    CHECK(distance(passed.dx, expected.dx) < 1e-5);
    CHECK(distance(passed.dw, expected.dw) < 1e-4);
    CHECK(distance(passed.db, expected.db) < 1e-4);
  }
}

TEST_CASE("Same{} pads as Keras and ONNX's SAME_UPPER do: the larger part below and on the right") {
  CHECK(Conv{.kernel = 3, .stride = 2, .padding = Same{}}.slide().padding_of(6, 7) == Padding(0, 1, 1, 1));
  CHECK(Conv{.kernel = 4, .padding = Same{}}.slide().padding_of(6, 7) == Padding(1, 1, 2, 2));
  CHECK(Conv{.kernel = 3, .padding = Same{}, .dilation = 3}.slide().padding_of(9, 9) == Padding(3));
  CHECK(Conv{.kernel = 2, .stride = 5, .padding = Same{}}.output_shape(Shape{1, 11, 10, 1}) == Shape{1, 3, 2, 1});
}

TEST_CASE("groups that do not divide, dilations below 1 and kernels that reach too far are refused") {
  const auto why = [](const Conv& conv) {
    return refusal<ShapeError>([&] { conv.output_shape(Shape{1, 5, 5, 4}); });
  };
  CHECK(why({.filters = 4, .groups = 3}) ==
        "Conv: expects channels and filters that its 3 groups divide but got (1, 5, 5, 4) and 4 filters");
  CHECK(why({.filters = 6, .groups = 4}) ==
        "Conv: expects channels and filters that its 4 groups divide but got (1, 5, 5, 4) and 6 filters");
  CHECK(why({.groups = 0}) == "Conv: expects groups of at least 1 but got 0");
  CHECK(why({.dilation = {1, 0}}) == "Conv: expects a dilation of at least 1 but got 1x0");
  CHECK(why({.dilation = 3}) ==
        "Conv: expects images at least as large as its 3x3 kernel with the dilation 3x3 but got (1, 5, 5, 4) padded by 0x0; make "
        "the kernel smaller or the padding larger");
  CHECK(why({.padding = {0, 1, -1, 0}}) == "Conv: expects a padding of at least 0 but got {0, 1, -1, 0}");
  CHECK(why({.dilation = Index{1} << 40}) ==
        "Conv: expects a kernel and a dilation that reach over at most 1073741824 numbers but got 3x3 and "
        "1099511627776x1099511627776");
  const Conv grouped{.filters = 4, .groups = 2};
  const auto p = grouped.initialize<double>(Shape{1, 5, 5, 4}, Rng{1});
  CHECK(refusal<ShapeError>([&] { run(grouped, p, drawn(Shape{1, 5, 5, 6}, Rng{1}), drawn(Shape{1, 3, 3, 4}, Rng{1})); })
            .starts_with("Conv: expects (N, H, W, 4) but got (1, 5, 5, 6)"));
}
