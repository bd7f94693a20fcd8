#include <lamina/losses/focal_loss.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <limits>

#include "losses.hpp"

using namespace lamina;

TEST_CASE("the focal loss keeps what every loss promises, for any gamma and with class weights") {
  for (const double gamma : {0.0, 0.5, 1.0, 2.0, 5.0})
    check_loss(FocalLoss{.gamma = gamma}, drawn(Shape{5, 4}, Rng{1}));
  check_loss(FocalLoss{.class_weights = {0.5, 2, 0, 1.25}}, drawn(Shape{5, 4}, Rng{1}));
}

TEST_CASE("the focal loss is −(1 − a)^γ·ln a of the label's probability a") {
  const auto z = tensor(Shape{2, 3}, {0, std::log(2.0), std::log(5.0), 1, 1, 1});  // a is 1/8, 2/8, 5/8 and thirds
  Rows dz;
  CHECK(FocalLoss{}(z, Labels{2, 0}, 2, dz) ==
        Approx((9.0 / 64 * std::log(8.0 / 5) + 4.0 / 9 * std::log(3.0)) / 2).epsilon(1e-15));
  CHECK(FocalLoss{.class_weights = {4, 1, 2}}(z, Labels{2, 0}, 2, dz) ==
        Approx((2 * 9.0 / 64 * std::log(8.0 / 5) + 4 * 4.0 / 9 * std::log(3.0)) / 2).epsilon(1e-15));
}

TEST_CASE("the focal loss with gamma 0 is softmax cross-entropy") {
  const auto z = drawn(Shape{5, 4}, Rng{1});
  const Labels labels{3, 0, 2, 2, 1};
  Rows dz, of_softmax;
  for (const std::vector<double>& weights : {std::vector<double>{}, std::vector<double>{0.5, 2, 0, 1.25}}) {
    CHECK(FocalLoss{.gamma = 0, .class_weights = weights}(z, labels, 5, dz) ==
          Approx(SoftmaxCrossEntropy{.class_weights = weights}(z, labels, 5, of_softmax)).epsilon(1e-14));
    CHECK(distance(dz, of_softmax) < 1e-15);
    CHECK(FocalLoss{.class_weights = weights}.weight(TargetView<double>(labels)) ==
          SoftmaxCrossEntropy{.class_weights = weights}.weight(TargetView<double>(labels)));
  }
}

TEST_CASE("the focal loss is finite for any finite logits") {
  for (const double gamma : {0.0, 0.5, 2.0}) {
    const auto z = tensor(Shape{3, 2}, {1e300, -1e300, -1e300, 1e300, 40, 0});
    Rows dz;
    CHECK(std::isfinite(FocalLoss{.gamma = gamma}(z, Labels{0, 0, 0}, 3, dz)));
    for (Index i = 0; i < 6; ++i) CHECK(std::isfinite(dz.data()[i]));
  }
}

TEST_CASE("the focal loss refuses a gamma that cannot be, and weights that do not fit") {
  const auto z = tensor(Shape{1, 2}, {1, 0});
  Rows dz;
  for (const double gamma : {-1.0, 101.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK(refusal<OptionError>([&] {
            FocalLoss{.gamma = gamma}(z, Labels{0}, 1, dz);
          }).starts_with("FocalLoss: expects a gamma of 0 … 100 but got "));
  CHECK(refusal<OptionError>([&] { FocalLoss{.class_weights = {1}}(z, Labels{0}, 1, dz); }).starts_with("FocalLoss: "));
}
