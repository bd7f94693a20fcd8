#include <lamina/layers/pool.hpp>

#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

static_assert(MaxPool{}.output_shape(Shape{64, 28, 28, 6}) == Shape{64, 14, 14, 6});
static_assert(MaxPool{.window = 2}.output_shape(Shape{1, 7, 5, 3}) == Shape{1, 3, 2, 3});
static_assert(AvgPool{.window = 3, .stride = 2, .padding = 1}.output_shape(Shape{1, 7, 6, 3}) == Shape{1, 4, 3, 3});
static_assert(AvgPool{.window = {1, 2}, .stride = {3, 1}}.output_shape(Shape{1, 7, 6, 3}) == Shape{1, 3, 5, 3});
static_assert(MaxPool::name == "MaxPool" && AvgPool::name == "AvgPool");

using Image = Tensor<double, 4>;

template <typename P>
std::pair<Image, Image> run(const P& pool, const Image& x, const Image& dy) {
  None none;
  typename P::template Workspace<Image> ws;
  Image y, dx;
  pool.forward(none, x, ws, y);
  pool.backward(none, x, y, dy, ws, &dx, none);
  return {y, dx};
}

}  // namespace

TEST_CASE("a max pool takes each window's largest number and sends the gradient back to it") {
  const auto x = tensor(Shape{1, 2, 4, 1}, {1, 2, 8, 7, 4, 3, 5, 6});
  const auto [y, dx] = run(MaxPool{}, x, tensor(Shape{1, 1, 2, 1}, {10, 20}));
  CHECK(same_bits(y, tensor(Shape{1, 1, 2, 1}, {4, 8})));
  CHECK(same_bits(dx, tensor(Shape{1, 2, 4, 1}, {0, 0, 20, 0, 10, 0, 0, 0})));
}

TEST_CASE("among equal maxima only the first, row by row, receives the gradient") {
  const auto x = tensor(Shape{1, 2, 2, 3}, {5, 1, 0, 5, 2, 0, 5, 3, 0, 5, 3, 0});
  const auto [y, dx] = run(MaxPool{}, x, tensor(Shape{1, 1, 1, 3}, {1, 2, 3}));
  CHECK(same_bits(y, tensor(Shape{1, 1, 1, 3}, {5, 3, 0})));
  CHECK(same_bits(dx, tensor(Shape{1, 2, 2, 3}, {1, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0})));
}

TEST_CASE("windows that overlap add up what they send back") {
  const auto x = tensor(Shape{1, 1, 3, 1}, {1, 9, 2});
  const auto dy = tensor(Shape{1, 1, 2, 1}, {10, 1});
  CHECK(same_bits(run(MaxPool{.window = {1, 2}, .stride = 1}, x, dy).second, tensor(Shape{1, 1, 3, 1}, {0, 11, 0})));
  CHECK(same_bits(run(AvgPool{.window = {1, 2}, .stride = 1}, x, dy).second, tensor(Shape{1, 1, 3, 1}, {5, 5.5, 0.5})));
}

TEST_CASE("padding never wins a max, neither against negative numbers nor against minus infinity") {
  const auto x = tensor(Shape{1, 2, 2, 1}, {-1, -2, -3, -infinity});
  const auto [y, dx] = run(MaxPool{.window = 2, .padding = 1}, x, tensor(Shape{1, 2, 2, 1}, {1, 2, 3, 4}));
  CHECK(same_bits(y, x));
  CHECK(same_bits(dx, tensor(Shape{1, 2, 2, 1}, {1, 2, 3, 4})));
}

TEST_CASE("padding never counts in an average") {
  const auto x = tensor(Shape{1, 2, 2, 1}, {-1, -2, -3, -4});
  const auto [y, dx] = run(AvgPool{.window = 3, .stride = 2, .padding = 1}, x, tensor(Shape{1, 1, 1, 1}, {8}));
  CHECK(same_bits(y, tensor(Shape{1, 1, 1, 1}, {-2.5})));
  CHECK(same_bits(dx, tensor(Shape{1, 2, 2, 1}, {2, 2, 2, 2})));
  const auto corners = run(AvgPool{.window = 2, .padding = 1}, x, tensor(Shape{1, 2, 2, 1}, {1, 2, 3, 4}));
  CHECK(same_bits(corners.first, x));
  CHECK(same_bits(corners.second, tensor(Shape{1, 2, 2, 1}, {1, 2, 3, 4})));
}

TEST_CASE("a window that holds a NaN gives NaN") {
  const auto x = tensor(Shape{1, 2, 2, 1}, {1, not_a_number, 3, 4});
  const auto dy = tensor(Shape{1, 1, 1, 1}, {1});
  CHECK(std::isnan(run(MaxPool{}, x, dy).first(0, 0, 0, 0)));
  CHECK(std::isnan(run(AvgPool{}, x, dy).first(0, 0, 0, 0)));
}

TEST_CASE("numbers that no window covers get no gradient") {
  const auto x = tensor(Shape{1, 1, 5, 1}, {1, 2, 3, 4, 5});
  const auto [y, dx] = run(MaxPool{.window = 1, .stride = {1, 3}}, x, tensor(Shape{1, 1, 2, 1}, {7, 8}));
  CHECK(same_bits(y, tensor(Shape{1, 1, 2, 1}, {1, 4})));
  CHECK(same_bits(dx, tensor(Shape{1, 1, 5, 1}, {7, 0, 0, 8, 0})));
}

TEST_CASE("inference remembers no winners") {
  None none;
  MaxPool::Workspace<Image> ws;
  Image y;
  forward_inference(MaxPool{}, none, drawn(Shape{2, 4, 4, 3}, Rng{1}), ws, y);
  CHECK(shape(y) == Shape{2, 2, 2, 3});
  CHECK(ws.winner.size() == 0);
}

TEST_CASE("hyper-parameters that no pool has are refused, each with its text") {
  const auto refused = [](const auto& pool, const Shape<4>& in = {{2, 6, 5, 3}}) {
    return refusal<ShapeError>([&] { pool.output_shape(in); });
  };
  CHECK(refused(MaxPool{.window = 0}) == "MaxPool: expects a window of at least 1x1 but got 0x0");
  CHECK(refused(AvgPool{.window = {2, 0}}) == "AvgPool: expects a window of at least 1x1 but got 2x0");
  CHECK(refused(MaxPool{.stride = 0}) == "MaxPool: expects a stride of at least 1 but got 0x0");
  CHECK(refused(AvgPool{.padding = -1}) == "AvgPool: expects a padding of at least 0 but got -1x-1");
  CHECK(refused(MaxPool{.window = 3, .padding = 2}) ==
        "MaxPool: expects a padding of at most half its 3x3 window but got 2x2");
  CHECK(refused(AvgPool{.window = {4, 1}, .padding = {2, 1}}) ==
        "AvgPool: expects a padding of at most half its 4x1 window but got 2x1");
  CHECK(
      refused(MaxPool{.window = 7}) ==
      "MaxPool: expects images at least as large as its 7x7 window but got (2, 6, 5, 3) padded by 0x0; make the window "
      "smaller or the padding larger");
  CHECK(refused(MaxPool{.window = 2, .padding = 1}, {{2, 0, 5, 3}}) ==
        "MaxPool: expects images of at least one pixel and one channel but got (2, 0, 5, 3)");
  CHECK(refused(MaxPool{.window = 2, .stride = Index{1} << 40}) ==
        "MaxPool: expects a window, a stride and a padding of at most 1073741824 but got 2x2, "
        "1099511627776x1099511627776 and 0x0");
}

TEST_CASE("pools that round up, pad one side more or count their padding have the right extents and gradients") {
  CHECK(MaxPool{.window = 2, .ceil_mode = true}.output_shape(Shape{1, 5, 4, 1}) == Shape{1, 3, 2, 1});
  CHECK(MaxPool{.window = 3, .stride = 2, .ceil_mode = true}.output_shape(Shape{1, 6, 7, 1}) == Shape{1, 3, 3, 1});
  // The last window would begin in the padding below: PyTorch leaves it out.
  CHECK(MaxPool{.window = 2, .padding = 1, .ceil_mode = true}.output_shape(Shape{1, 4, 5, 1}) == Shape{1, 3, 3, 1});
  CHECK(AvgPool{.window = 3, .stride = 2, .padding = Same{}}.output_shape(Shape{1, 6, 7, 1}) == Shape{1, 3, 4, 1});
  const Shape in{2, 7, 6, 3};
  const auto check = [&](const auto& pool) {
    CAPTURE(pool.window, pool.padding, pool.ceil_mode, pool.count_include_pad);
    CHECK(check_gradient(pool, in).passed());
  };
  for (const bool ceil_mode : {false, true}) {
    check(MaxPool{.window = 3, .stride = 2, .padding = {0, 1, 1, 0}, .ceil_mode = ceil_mode});
    check(MaxPool{.window = {2, 3}, .stride = {4, 2}, .padding = Same{}, .ceil_mode = ceil_mode});
    for (const bool count : {false, true}) {
      check(AvgPool{.window = 3, .stride = 2, .padding = {0, 1, 1, 0}, .ceil_mode = ceil_mode, .count_include_pad = count});
      check(AvgPool{.window = {3, 2}, .stride = 2, .padding = 1, .ceil_mode = ceil_mode, .count_include_pad = count});
      check(AvgPool{.window = {2, 3}, .padding = Same{}, .ceil_mode = ceil_mode, .count_include_pad = count});
    }
  }
  CHECK(refusal<ShapeError>([] { MaxPool{.window = 2, .padding = {0, 0, 2, 0}}.output_shape(Shape{1, 5, 5, 1}); }) ==
        "MaxPool: expects a padding of at most half its 2x2 window but got {0, 0, 2, 0}");
}

TEST_CASE("an average that counts its padding is over the window's part of the padded image") {
  const auto x = tensor(Shape{1, 2, 3, 1}, {1, 2, 3, 4, 5, 6});
  AvgPool::Workspace<Tensor<double, 4>> ws;
  Tensor<double, 4> y;
  AvgPool{.window = 2, .padding = 1, .ceil_mode = true, .count_include_pad = true}.forward({}, x, ws, y);
  // Two rows of two windows each of four numbers, as (2 + 2 − 2)/2 + 1 = 2 and ⌈(3 + 2 − 2)/2⌉ + 1 = 3, less the last.
  CHECK(distance(y, tensor(Shape{1, 2, 2, 1}, {0.25, 1.25, 1, 2.75})) < 1e-15);
}
