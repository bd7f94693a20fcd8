#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("a smoothed one-hot target keeps 1 − ε and spreads ε over all classes, each times its weight") {
  const Labels labels{2, 0};
  const TargetView<double> y(labels);
  const std::vector<double> none, weights{1, 2, 4, 8};
  const detail::WeightedTargets<double> smooth(y, 0.2, none, 4), both(y, 0.2, weights, 4);
  for (Index n = 0; n < 2; ++n)
    for (Index k = 0; k < 4; ++k) {
      const double expected = (labels[static_cast<std::size_t>(n)] == k ? 0.8 : 0.0) + 0.05;
      CHECK(smooth(n, k) == Approx(expected).epsilon(1e-15));
      CHECK(both(n, k) == Approx(expected * weights[static_cast<std::size_t>(k)]).epsilon(1e-15));
    }
}

TEST_CASE("the mean is over the weights of the labels' classes, and over the rows where targets are rows") {
  const Labels labels{2, 0, 2};
  const Rows rows = one_hot_rows(labels, 3);
  const SoftmaxCrossEntropy weighted{.class_weights = {0.5, 1, 4}};
  CHECK(detail::weight_of(weighted, TargetView<double>(labels)) == 8.5);
  CHECK(detail::weight_of(weighted, TargetView<double>(rows)) == 3);
  CHECK(detail::weight_of(SoftmaxCrossEntropy{.label_smoothing = 0.1}, TargetView<double>(labels)) == 3);
  CHECK(detail::weight_of(MeanSquaredError{}, TargetView<double>(labels)) == 3);
  CHECK(detail::mean_scale(3, 8.5) == 3 / 8.5);
  CHECK(detail::mean_scale(3, 3) == 1);
  CHECK(detail::mean_scale(3, 0) == 0);
}

TEMPLATE_TEST_CASE("smoothing and weights that cannot be are refused", "", SoftmaxCrossEntropy, CrossEntropy) {
  using F = TestType;
  const std::string name(F::name);
  const Rows p = probabilities(2, 3, Rng{1});
  const auto refused = [&](double smoothing, const std::vector<double>& weights) {
    Rows dp;
    const F loss{.label_smoothing = smoothing, .class_weights = weights};
    return refusal<OptionError>([&] { loss(p, Labels{0, 1}, 2, dp); });
  };
  CHECK(refused(1, {}) == name + ": expects a label_smoothing of at least 0 and below 1 but got 1");
  CHECK(refused(-0.1, {}) == name + ": expects a label_smoothing of at least 0 and below 1 but got -0.1");
  CHECK(refused(std::nan(""), {}) == name + ": expects a label_smoothing of at least 0 and below 1 but got nan");
  CHECK(refused(0, {1, 2}) == name + ": expects class_weights for each of the 3 classes, or none, but got 2");
  CHECK(refused(0, {1, -2, 1}) == name + ": expects finite class_weights of at least 0 but got -2");
  CHECK(refused(0, {1, INFINITY, 1}) == name + ": expects finite class_weights of at least 0 but got inf");
  CHECK(refused(0, {0, 0, 0}) == name + ": expects a class_weight above 0 but all are 0");
}
