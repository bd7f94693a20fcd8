#include <lamina/layers/conv.hpp>

#include <lamina/models/model.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr Shape one_image{1, 3, 3, 1};

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
  const auto x = tensor(one_image, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Parameters p{tensor(Shape{2, 2, 1, 1}, {1, 0, -1, 2}), tensor(Shape{1}, {10})};
  const auto dy = tensor(Shape{1, 2, 2, 1}, {1, 2, 3, 4});
  const auto [y, dx, dp] = run(conv, p, x, dy);
  // 1·1 + 0·2 − 1·4 + 2·5 = 7, then 2 − 5 + 12 = 9, 4 − 7 + 16 = 13, 5 − 8 + 18 = 15, each with the bias 10
  CHECK(same_bits(y, tensor(Shape{1, 2, 2, 1}, {17, 19, 23, 25})));
  // every x collects dy·w over the windows that it is in
  CHECK(same_bits(dx, tensor(one_image, {1, 2, 0, -1 + 3, 2 - 2 + 0 + 4, 4, -3, 6 - 4, 8})));
  CHECK(same_bits(dp.weight,
                  tensor(Shape{2, 2, 1, 1}, {1 + 4 + 12 + 20, 2 + 6 + 15 + 24, 4 + 10 + 21 + 32, 5 + 12 + 24 + 36})));
  CHECK(same_bits(dp.bias, tensor(Shape{1}, {10})));
}

TEST_CASE("a 3x3 kernel with stride 2 and padding 1 gives the four numbers computed by hand") {
  const Conv conv{.filters = 1, .kernel = 3, .stride = 2, .padding = 1};
  const auto x = tensor(one_image, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Parameters p{tensor(Shape{3, 3, 1, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}), tensor(Shape{1}, {0.5})};
  const auto dy = tensor(Shape{1, 2, 2, 1}, {1, 10, 100, 1000});
  const auto [y, dx, dp] = run(conv, p, x, dy);
  // top left: the kernel's lower right 2x2 lies on 1 2 / 4 5: 5 + 12 + 32 + 45 = 94
  // top right: its lower left on 2 3 / 5 6:  8 + 15 + 35 + 48 = 106
  // bottom left: its upper right on 4 5 / 7 8: 8 + 15 + 35 + 48 = 106
  // bottom right: its upper left on 5 6 / 8 9: 5 + 12 + 32 + 45 = 94
  CHECK(same_bits(y, tensor(Shape{1, 2, 2, 1}, {94.5, 106.5, 106.5, 94.5})));
  CHECK(same_bits(dx,
                  tensor(one_image, {5, 6 + 40, 50, 8 + 200, 9 + 70 + 300 + 1000, 80 + 2000, 500, 600 + 4000, 5000})));
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
                  const Index h = i * conv.stride.height + r - conv.padding.height;
                  const Index w = j * conv.stride.width + s - conv.padding.width;
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

TEST_CASE("a convolution with a crew shares a large pass out among it, and leaves a small one alone") {
  if (kernels::best<float>().key == std::string("baseline")) return;
  const Conv conv{.filters = 96, .kernel = 3, .padding = 1};  // three times the strip of the widest registers
  Crew crew{3};
  for (const Index side : {32, 8}) {
    const auto x = drawn<float>(Shape{1, side, side, 64}, Rng{2});
    const auto p = conv.initialize<float>(shape(x), Rng{1});
    Conv::Workspace<Tensor<float, 4>> alone, shared;
    Turns all{.worker = 0, .workers = 1};
    conv.prepare(p, shared, all);
    conv.share_prepared(shared, shared);
    Tensor<float, 4> y, y_shared;
    conv.forward(p, x, alone, y);
    conv.forward(p, x, shared, y_shared, {.crew = &crew});
    CHECK(same_bits(y, y_shared));
    kernels::Window extents = conv.window(x, alone, {});
    extents.parts = side == 32 ? crew.size() : 1;
    const Index size = kernels::convolutions<float>().conv_scratch(extents);
    CHECK(shared.scratch.size() == size * extents.parts);
    // In room of its own each worker transformed all of x: the last block's first numbers stand in every room.
    const float* const room = shared.scratch.data();
    for (Index i = 0; i < shared.scratch.size(); i += size) CHECK(std::equal(room, room + 64, room + i));
    conv.forward(p, x, shared, y_shared);
    CHECK(shared.scratch.size() == alone.scratch.size());
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
