#include <lamina/losses/huber.hpp>

#include <limits>

#include <lamina/losses/mean_squared_error.hpp>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("Huber's loss keeps what every loss promises, for any delta") {
  for (const double delta : {0.05, 0.3, 1.0, 100.0}) check_loss(Huber{.delta = delta}, drawn(Shape{5, 4}, Rng{1}));
}

TEST_CASE("Huber's loss is squared within delta and absolute beyond, its gradient cut") {
  const auto z = tensor(Shape{1, 4}, {1, 2, -3, 0.5}), y = tensor(Shape{1, 4}, {1, 0, 0, 0});
  Rows dz;
  CHECK(Huber{}(z, y, 1, dz) == (0 + 1.5 + 2.5 + 0.125) / 4);
  CHECK(same_bits(dz, tensor(Shape{1, 4}, {0, 0.25, -0.25, 0.125})));
  CHECK(Huber{.delta = 2}(z, y, 1, dz) == (0 + 2 + 4 + 0.125) / 4);
  CHECK(same_bits(dz, tensor(Shape{1, 4}, {0, 0.5, -0.5, 0.125})));
}

TEST_CASE("Huber's loss with a large delta is half the squared error") {
  const auto z = drawn(Shape{5, 4}, Rng{1}), y = drawn(Shape{5, 4}, Rng{2});
  Rows dz, of_squares;
  const double loss = Huber{.delta = 1e6}(z, y, 5, dz), squares = MeanSquaredError{}(z, y, 5, of_squares);
  CHECK(loss == Approx(squares / 2).epsilon(1e-15));
  for (Index i = 0; i < dz.size(); ++i) CHECK(dz.data()[i] == Approx(of_squares.data()[i] / 2).epsilon(1e-15));
}

TEST_CASE("Huber's loss refuses a delta that cannot be, and does not hide what is no number") {
  const auto y = tensor(Shape{1, 2}, {1, 0});
  Rows dz;
  for (const double delta : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    CHECK(refusal<OptionError>([&] { Huber{.delta = delta}(y, y, 1, dz); })
              .starts_with("Huber: expects a finite delta above 0 but got "));
  const auto z = tensor(Shape{1, 2}, {std::numeric_limits<double>::quiet_NaN(), 9});
  CHECK(std::isnan(Huber{}(z, y, 1, dz)));
  CHECK(std::isnan(dz(0, 0)));
  CHECK(dz(0, 1) == 0.5);
}
