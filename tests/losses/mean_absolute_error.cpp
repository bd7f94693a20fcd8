#include <lamina/losses/mean_absolute_error.hpp>

#include <limits>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("the mean absolute error keeps what every loss promises") {
  check_loss(MeanAbsoluteError{}, drawn(Shape{5, 4}, Rng{1}));
}

TEST_CASE("the mean absolute error is the mean over a row's numbers and over the batch, and leaves alone what is right") {
  const auto z = tensor(Shape{2, 2}, {1, 2, 3, 4}), y = tensor(Shape{2, 2}, {1, 0, 0, 8});
  Rows dz;
  CHECK(MeanAbsoluteError{}(z, y, 2, dz) == (2 + 3 + 4) / 4.0);
  CHECK(same_bits(dz, tensor(Shape{2, 2}, {0, 0.25, 0.25, -0.25})));
  CHECK(MeanAbsoluteError{}.correct(z, Labels{1, 0}) == 1);
}

TEST_CASE("the mean absolute error does not hide what is no number") {
  const auto z = tensor(Shape{1, 2}, {std::numeric_limits<double>::quiet_NaN(), 2}), y = tensor(Shape{1, 2}, {1, 0});
  Rows dz;
  CHECK(std::isnan(MeanAbsoluteError{}(z, y, 1, dz)));
  CHECK(std::isnan(dz(0, 0)));
  CHECK(dz(0, 1) == 0.5);
}
