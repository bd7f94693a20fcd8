#include <lamina/losses/cross_entropy.hpp>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("cross-entropy keeps what every loss promises") { check_loss(CrossEntropy{}, probabilities(5, 4, Rng{1})); }

TEST_CASE("cross-entropy keeps it with label smoothing and class weights") {
  const std::vector<double> weights{0.5, 2, 0, 1.25};
  check_loss(CrossEntropy{.label_smoothing = 0.1}, probabilities(5, 4, Rng{1}));
  check_loss(CrossEntropy{.label_smoothing = 0.3, .class_weights = weights}, probabilities(5, 4, Rng{1}));
}

TEST_CASE("cross-entropy is −ln of the label's probability, averaged over the batch") {
  const auto p = tensor(Shape{2, 2}, {0.25, 0.75, 0.5, 0.5});
  Rows dp;
  CHECK(CrossEntropy{}(p, Labels{0, 1}, 2, dp) == Approx((std::log(4.0) + std::log(2.0)) / 2).epsilon(1e-15));
  CHECK(distance(dp, tensor(Shape{2, 2}, {-2, 0, 0, -1})) == 0);
}

TEST_CASE("cross-entropy of a probability of 0 is finite, and so is its gradient") {
  const auto at_zero = []<typename T>(T least) {
    const auto p = tensor<T>(Shape{1, 2}, {0, 1});
    Tensor<T, 2> dp;
    CHECK(CrossEntropy{}(p, Labels{0}, 1, dp) == Approx(-std::log(static_cast<double>(least))));
    CHECK(std::isfinite(dp(0, 0)));
    CHECK(dp(0, 0) < 0);
    CHECK(dp(0, 1) == 0);
  };
  at_zero(std::numeric_limits<float>::min());
  at_zero(std::numeric_limits<double>::min());
}

TEST_CASE("cross-entropy refuses what are no probabilities, and lets NaN through to be reported") {
  Rows dp;
  CHECK(refusal<DataError>([&] { CrossEntropy{}(tensor(Shape{2, 2}, {0.5, 0.5, 1.5, 0}), Labels{0, 0}, 2, dp); }) ==
        "CrossEntropy: expects probabilities in [0, 1] but got 1.5 in row 1; end the network in Softmax{} or use "
        "SoftmaxCrossEntropy on its logits");
  CHECK_THROWS_AS(CrossEntropy{}(tensor(Shape{1, 2}, {-0.01, 1}), Labels{1}, 1, dp), DataError);
  CHECK(std::isnan(CrossEntropy{}(tensor(Shape{1, 2}, {std::nan(""), 1}), Labels{0}, 1, dp)));
}
