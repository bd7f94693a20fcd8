#include <lamina/losses/softmax_cross_entropy.hpp>

#include <limits>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("softmax cross-entropy keeps what every loss promises") {
  check_loss(SoftmaxCrossEntropy{}, drawn(Shape{5, 4}, Rng{1}));
}

TEST_CASE("softmax cross-entropy keeps it with label smoothing, class weights and both") {
  const std::vector<double> weights{0.5, 2, 0, 1.25};
  check_loss(SoftmaxCrossEntropy{.label_smoothing = 0.1}, drawn(Shape{5, 4}, Rng{1}));
  check_loss(SoftmaxCrossEntropy{.class_weights = weights}, drawn(Shape{5, 4}, Rng{1}));
  check_loss(SoftmaxCrossEntropy{.label_smoothing = 0.3, .class_weights = weights}, drawn(Shape{5, 4}, Rng{1}));
}

TEST_CASE("softmax cross-entropy is −ln of the label's probability, averaged over the batch") {
  const auto z = tensor(Shape{2, 3}, {0, std::log(2.0), std::log(5.0), 1, 1, 1});
  Rows dz;
  CHECK(SoftmaxCrossEntropy{}(z, Labels{1, 0}, 2, dz) == Approx((std::log(4.0) + std::log(3.0)) / 2).epsilon(1e-15));
  CHECK(SoftmaxCrossEntropy{}(z, Labels{1, 0}, 10, dz) == Approx((std::log(4.0) + std::log(3.0)) / 10).epsilon(1e-15));
}

TEST_CASE("softmax cross-entropy's gradient is a − y over the batch: no other factor") {
  const auto z = drawn(Shape{3, 4}, Rng{1});
  const Labels labels{3, 0, 1};
  None none;
  Rows a, dz;
  Softmax{}.forward(none, z, none, a);
  SoftmaxCrossEntropy{}(z, labels, 3, dz);
  const Rows expected = (a - one_hot_rows(labels, 4)) / 3.0;
  CHECK(distance(dz, expected) < 1e-16);
}

TEST_CASE("softmax cross-entropy of soft targets is their mean over classes, and rows need not sum to 1") {
  const auto z = drawn(Shape{1, 3}, Rng{1});
  Rows dz, dz0, dz2;
  const double of_0 = SoftmaxCrossEntropy{}(z, Labels{0}, 1, dz0), of_2 = SoftmaxCrossEntropy{}(z, Labels{2}, 1, dz2);
  CHECK(SoftmaxCrossEntropy{}(z, tensor(Shape{1, 3}, {0.25, 0, 0.5}), 1, dz) ==
        Approx(0.25 * of_0 + 0.5 * of_2).epsilon(1e-14));
  const Rows expected = 0.25 * dz0 + 0.5 * dz2;
  CHECK(distance(dz, expected) < 1e-15);
}

TEST_CASE("softmax cross-entropy is finite for any finite logits, and right where they are extreme") {
  const auto extreme = []<typename T>(T large) {
    const auto z = tensor<T>(Shape{3, 2}, {large, -large, -large, large, large, large});
    Tensor<T, 2> dz;
    CHECK(SoftmaxCrossEntropy{}(z, Labels{0, 0, 1}, 1, dz) == Approx(2 * static_cast<double>(large)));
    CHECK(distance(dz, tensor(Shape{3, 2}, {0, 0, -1, 1, 0.5, -0.5})) == 0);
  };
  extreme(1e30f);
  extreme(1e300);
}

TEST_CASE("a row counts as right when its largest logit is the label's, the first among equals and no NaN") {
  const auto z = tensor(Shape{4, 2}, {1, 2, 2, 1, 1, 1, 1, 1});
  CHECK(SoftmaxCrossEntropy{}.correct(z, Labels{1, 1, 0, 1}) == 2);
  CHECK(SoftmaxCrossEntropy{}.correct(z, tensor(Shape{4, 2}, {0.2, 0.8, 0.9, 0.1, 0, 1, 1, 0})) == 3);
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  CHECK(SoftmaxCrossEntropy{}.correct(tensor(Shape{2, 2}, {not_a_number, 1, 1, not_a_number}), Labels{1, 0}) == 2);
}
