#include <lamina/layers/dense.hpp>

#include <lamina/testing/gradient_check.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../tensors.hpp"

using namespace lamina;

static_assert(Dense{.units = 10}.output_shape(Shape{64, 84}) == Shape{64, 10});
static_assert(Dense{.units = 10}.multiply_adds(Shape{2, 84}) == 1680);

TEST_CASE("a dense layer gives the numbers computed by hand") {
  const Dense dense{.units = 2};
  const Dense::Parameters<double> p{tensor(Shape{2, 3}, {1, 2, 3, 4, 5, 6}), tensor(Shape{2}, {100, 200})};
  const auto x = tensor(Shape{2, 3}, {1, 0, -1, 2, 1, 0}), dy = tensor(Shape{2, 2}, {1, 10, 100, 1000});
  Dense::Workspace<Tensor<double, 2>> ws;
  Tensor<double, 2> y, dx;
  Dense::Parameters<double> dp;
  dense.forward(p, x, ws, y);
  dense.backward(p, x, y, dy, ws, &dx, dp);
  CHECK(same_bits(y, tensor(Shape{2, 2}, {98, 198, 104, 213})));
  CHECK(same_bits(dx, tensor(Shape{2, 3}, {41, 52, 63, 4100, 5200, 6300})));
  CHECK(same_bits(dp.weight, tensor(Shape{2, 3}, {201, 100, -1, 2010, 1000, -10})));
  CHECK(same_bits(dp.bias, tensor(Shape{2}, {101, 1010})));
}

TEST_CASE("units below 1 and rows without features are refused") {
  CHECK(refusal<ShapeError>([] { Dense{.units = 0}.output_shape(Shape{2, 3}); }) ==
        "Dense: expects units of at least 1 but got 0");
  CHECK(refusal<ShapeError>([] { Dense{.units = -5}.output_shape(Shape{2, 3}); }) ==
        "Dense: expects units of at least 1 but got -5");
  CHECK(refusal<ShapeError>([] { Dense{.units = 4}.output_shape(Shape{2, 0}); }) ==
        "Dense: expects rows of at least one feature but got (2, 0)");
}

TEST_CASE("units that overflow are refused before anything is allocated") {
  const Dense dense{.units = Index{1} << 62};
  CHECK(refusal<ShapeError>([&] { dense.initialize<float>(Shape{1, 3}, Rng{1}); }) ==
        "Dense: 4611686018427387904 units on rows (1, 3) make more numbers than an index can count; make them fewer");
}

TEST_CASE("rows of other features than the weights are refused on the way forward") {
  const Dense dense{.units = 10};
  const auto p = dense.initialize<double>(Shape{1, 400}, Rng{1});
  Dense::Workspace<Tensor<double, 2>> ws;
  Tensor<double, 2> y;
  CHECK(refusal<ShapeError>([&] { dense.forward(p, Tensor<double, 2>(64, 256), ws, y); }) ==
        "Dense: expects (N, 400) but got (64, 256); put Flatten{} before it or change units");
}

TEST_CASE("a dense layer with a thread pool shares one row among it, with the same bits") {
  ThreadPool thread_pool{3};
  for (const Index units : {1, 2, 5, 700}) {
    const Dense dense{.units = units};
    const auto x = drawn<float>(Shape{1, 500'000 / units + 7}, Rng{2});
    const auto p = dense.initialize<float>(shape(x), Rng{1});
    Dense::Workspace<Tensor<float, 2>> ws;
    Tensor<float, 2> y, y_shared;
    dense.forward(p, x, ws, y);
    dense.forward(p, x, ws, y_shared, {.thread_pool = &thread_pool});
    CHECK(same_bits(y, y_shared));
  }
}

TEST_CASE("without a bias a dense layer has no tensor of that name, and its gradient is right") {
  const Dense free{.units = 5, .bias = false};
  const Shape in{3, 7};
  CHECK(check_gradient(free, in).passed());
  const auto p = free.initialize<double>(in, Rng{1});
  CHECK(parameter_count(p) == 35);
  CHECK(free.parameter_count(in) == 35);
  const auto x = drawn(in, Rng{2});
  Dense::Workspace<Tensor<double, 2>> ws;
  Tensor<double, 2> y;
  free.forward(p, x, ws, y);
  for (Index u = 0; u < 5; ++u) CHECK(y(1, u) == Approx(matrix(x).row(1).dot(matrix(p.weight).row(u))));
}
