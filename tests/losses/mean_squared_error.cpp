#include <lamina/losses/mean_squared_error.hpp>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("the mean squared error keeps what every loss promises") {
  check_loss(MeanSquaredError{}, drawn(Shape{5, 4}, Rng{1}));
}

TEST_CASE("the mean squared error is the mean over a row's numbers and over the batch") {
  const auto z = tensor(Shape{2, 2}, {1, 2, 3, 4}), y = tensor(Shape{2, 2}, {1, 0, 0, 8});
  Rows dz;
  CHECK(MeanSquaredError{}(z, y, 2, dz) == (4 + 9 + 16) / 4.0);
  CHECK(same_bits(dz, tensor(Shape{2, 2}, {0, 1, 1.5, -2})));
  CHECK(MeanSquaredError{}.correct(z, Labels{1, 0}) == 1);
}
