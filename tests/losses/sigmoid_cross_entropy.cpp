#include <lamina/losses/sigmoid_cross_entropy.hpp>

#include <lamina/layers/sigmoid.hpp>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("sigmoid cross-entropy keeps what every loss promises") {
  check_loss(SigmoidCrossEntropy{}, drawn(Shape{5, 4}, Rng{1}));
}

TEST_CASE("sigmoid cross-entropy adds up over the labels of a row and is averaged over the batch") {
  const auto z = tensor(Shape{2, 2}, {0, std::log(3.0), 0, -std::log(3.0)});
  const auto y = tensor(Shape{2, 2}, {1, 1, 0, 1});
  Rows dz;
  // −ln ½ − ln ¾ and −ln ½ − ln ¼
  CHECK(SigmoidCrossEntropy{}(z, y, 2, dz) ==
        Approx((2 * std::log(2.0) + std::log(4.0 / 3) + std::log(4.0)) / 2).epsilon(1e-15));
}

TEST_CASE("sigmoid cross-entropy's gradient is a − y over the batch: no other factor") {
  const auto z = drawn(Shape{3, 4}, Rng{1});
  const auto y = probabilities(3, 4, Rng{2});
  None none;
  Rows a, dz;
  Sigmoid{}.forward(none, z, none, a);
  SigmoidCrossEntropy{}(z, y, 3, dz);
  const Rows expected = (a - y) / 3.0;
  CHECK(distance(dz, expected) < 1e-16);
}

TEST_CASE("sigmoid cross-entropy is finite for any finite logits, and right where they are extreme") {
  const auto extreme = []<typename T>(T large) {
    const auto z = tensor<T>(Shape{2, 2}, {large, -large, large, -large});
    const auto y = tensor<T>(Shape{2, 2}, {1, 0, 0, 1});
    Tensor<T, 2> dz;
    CHECK(SigmoidCrossEntropy{}(z, y, 1, dz) == Approx(2 * static_cast<double>(large)));
    CHECK(distance(dz, tensor(Shape{2, 2}, {0, 0, 1, -1})) == 0);
  };
  extreme(1e30f);
  extreme(1e300);
}

TEST_CASE("sigmoid cross-entropy keeps the small loss of a confident, right answer") {
  Rows dz;
  CHECK(SigmoidCrossEntropy{}(tensor(Shape{1, 1}, {40}), tensor(Shape{1, 1}, {1}), 1, dz) ==
        Approx(std::exp(-40)).epsilon(1e-12));
}

TEST_CASE(
    "with several labels a hit is the share of them on the right side of 0, with class numbers the largest wins") {
  const auto z = tensor(Shape{2, 4}, {-1, 2, 3, -4, 1, 2, -3, -4});
  CHECK(SigmoidCrossEntropy{}.correct(z, tensor(Shape{2, 4}, {0, 1, 1, 0, 0, 1, 1, 0})) == 1.5);
  CHECK(SigmoidCrossEntropy{}.correct(z, Labels{2, 0}) == 1);
}

TEST_CASE("sigmoid cross-entropy refuses targets that are no answers between no and yes") {
  Tensor<double, 2> z(2, 3), y(2, 3), d;
  z.setConstant(0.5);
  y.setConstant(1);
  const auto refused = [&] { return refusal<DataError>([&] { SigmoidCrossEntropy{}(z, y, 2, d); }); };
  CHECK(refused() == "nothing was refused");
  y(1, 2) = 3;
  CHECK(refused() == "SigmoidCrossEntropy: expects targets in [0, 1], from no to yes, but got 3 in row 1; for quantities use MeanSquaredError{}");
  y(1, 2) = -0.25;
  CHECK(refused() == "SigmoidCrossEntropy: expects targets in [0, 1], from no to yes, but got -0.25 in row 1; for quantities use MeanSquaredError{}");
  y(1, 2) = 1 + 1e-7;  // a mixed target, rounded
  CHECK(refused() == "nothing was refused");
}
