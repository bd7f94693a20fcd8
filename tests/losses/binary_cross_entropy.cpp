#include <lamina/losses/binary_cross_entropy.hpp>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("binary cross-entropy keeps what every loss promises") {
  check_loss(BinaryCrossEntropy{}, probabilities(5, 4, Rng{1}));
}

TEST_CASE("binary cross-entropy adds up over the labels of a row and is averaged over the batch") {
  const auto p = tensor(Shape{2, 2}, {0.5, 0.75, 0.5, 0.25});
  Rows dp;
  CHECK(BinaryCrossEntropy{}(p, tensor(Shape{2, 2}, {1, 1, 0, 1}), 2, dp) ==
        Approx((2 * std::log(2.0) + std::log(4.0 / 3) + std::log(4.0)) / 2).epsilon(1e-15));
  CHECK(distance(dp, tensor(Shape{2, 2}, {-1, -2.0 / 3, 1, -2})) < 1e-15);
}

TEST_CASE("binary cross-entropy of probabilities 0 and 1 is finite, and so is its gradient") {
  const auto at_the_ends = []<typename T>(T least) {
    const auto p = tensor<T>(Shape{1, 4}, {0, 1, 0, 1});
    Tensor<T, 2> dp;
    CHECK(BinaryCrossEntropy{}(p, tensor<T>(Shape{1, 4}, {1, 0, 0, 1}), 1, dp) ==
          Approx(-2 * std::log(static_cast<double>(least))));
    for (Index k = 0; k < 4; ++k) CHECK(std::isfinite(dp(0, k)));
    CHECK((dp(0, 0) < 0 && dp(0, 1) > 0));
  };
  at_the_ends(std::numeric_limits<float>::min());
  at_the_ends(std::numeric_limits<double>::min());
}

TEST_CASE("binary cross-entropy refuses what are no probabilities") {
  Rows dp;
  CHECK(refusal<DataError>([&] { BinaryCrossEntropy{}(tensor(Shape{1, 2}, {0.5, -2}), Labels{0}, 1, dp); }) ==
        "BinaryCrossEntropy: expects probabilities in [0, 1] but got -2 in row 0; end the network in Sigmoid{} or use "
        "SigmoidCrossEntropy on its logits");
}

TEST_CASE("with several labels a hit is the share of them on the right side of one half") {
  const auto p = tensor(Shape{1, 4}, {0.1, 0.6, 0.7, 0.4});
  CHECK(BinaryCrossEntropy{}.correct(p, tensor(Shape{1, 4}, {0, 1, 0, 0})) == 0.75);
}

TEST_CASE("a target of one half is a no, as a probability of one half is") {
  CHECK(BinaryCrossEntropy{}.correct(tensor(Shape{1, 3}, {0.5, 0.6, 0.4}), tensor(Shape{1, 3}, {0.5, 0.6, 0.5})) == 1);
}

TEST_CASE("binary cross-entropy refuses targets that are no answers between no and yes") {
  Tensor<double, 2> p(2, 3), y(2, 3), d;
  p.setConstant(0.5);
  y.setConstant(1);
  const auto refused = [&] { return refusal<DataError>([&] { BinaryCrossEntropy{}(p, y, 2, d); }); };
  CHECK(refused() == "nothing was refused");
  y(1, 2) = 3;
  CHECK(refused() == "BinaryCrossEntropy: expects targets in [0, 1], from no to yes, but got 3 in row 1; for quantities use MeanSquaredError{}");
  y(1, 2) = -0.25;
  CHECK(refused() == "BinaryCrossEntropy: expects targets in [0, 1], from no to yes, but got -0.25 in row 1; for quantities use MeanSquaredError{}");
  y(1, 2) = 1 + 1e-7;  // a mixed target, rounded
  CHECK(refused() == "nothing was refused");
}
