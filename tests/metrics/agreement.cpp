#include <lamina/metrics/agreement.hpp>

#include "judged.hpp"

using namespace judged;

namespace {

ConfusionMatrix counted(Index classes, const Classes& labels, const Classes& predicted) {
  ConfusionMatrix confusion(classes);
  confusion.add(labels, predicted);
  return confusion;
}

}  // namespace

TEST_CASE("Cohen's kappa is what goes beyond chance") {
  // 20 + 15 of 50 agree; by chance 0.5·0.6 + 0.5·0.4 = 0.5 of them would.
  ConfusionMatrix confusion(2);
  for (int i = 0; i < 20; ++i) confusion.add(0, 0);
  for (int i = 0; i < 5; ++i) confusion.add(0, 1);
  for (int i = 0; i < 10; ++i) confusion.add(1, 0);
  for (int i = 0; i < 15; ++i) confusion.add(1, 1);
  CHECK(cohen_kappa(confusion) == Approx((0.7 - 0.5) / (1 - 0.5)).epsilon(1e-14));
}

TEST_CASE("weighted kappa holds far misses against the predictions, quadratic more than linear") {
  const Classes labels{0, 1, 2, 3};
  const ConfusionMatrix near = counted(4, labels, {1, 1, 2, 3}), far = counted(4, labels, {3, 1, 2, 3});
  CHECK(cohen_kappa(near) == Approx(cohen_kappa(far)).epsilon(0.1));
  CHECK(cohen_kappa(near, Disagreement::linear) > cohen_kappa(far, Disagreement::linear) + 0.3);
  CHECK(cohen_kappa(far, Disagreement::linear) > cohen_kappa(far, Disagreement::quadratic) + 0.1);
  // Σ w·C is 3 or 9. With t = (1, 1, 1, 1) and p = (0, 1, 1, 2), Σ w·t·p is Σᵢ w[i,1] + Σᵢ w[i,2] + 2·Σᵢ w[i,3].
  CHECK(cohen_kappa(far, Disagreement::linear) == Approx(1 - 3 / ((4 + 4 + 2 * 6) / 4.0)).epsilon(1e-14));
  CHECK(cohen_kappa(far, Disagreement::quadratic) == Approx(1 - 9 / ((6 + 6 + 2 * 14) / 4.0)).epsilon(1e-14));
}

TEST_CASE("kappa is not defined where chance alone agrees fully") {
  CHECK(std::isnan(cohen_kappa(counted(3, {1, 1}, {1, 1}))));
  CHECK(cohen_kappa(counted(3, {1, 1}, {1, 2})) == 0);
}

TEST_CASE("Matthews' correlation of two classes is that of two binary variables") {
  // TP 3, TN 2, FP 1, FN 1
  const ConfusionMatrix confusion = counted(2, {1, 1, 1, 1, 0, 0, 0}, {1, 1, 1, 0, 0, 0, 1});
  CHECK(matthews_correlation(confusion) == Approx((3 * 2 - 1 * 1) / std::sqrt(4.0 * 4 * 3 * 3)).epsilon(1e-14));
}

TEST_CASE("Matthews' correlation is 1 at best, −1 at worst of two classes, and 0 where one side never changes") {
  CHECK(matthews_correlation(counted(3, {0, 1, 2, 2}, {0, 1, 2, 2})) == Approx(1).epsilon(1e-15));
  CHECK(matthews_correlation(counted(2, {0, 1}, {1, 0})) == -1);
  CHECK(matthews_correlation(counted(3, {0, 1, 2}, {1, 1, 1})) == 0);
  CHECK(matthews_correlation(counted(3, {1, 1, 1}, {0, 1, 2})) == 0);
}

TEST_CASE("balanced accuracy is the mean recall of the classes that have samples") {
  CHECK(balanced_accuracy(counted(3, {0, 0, 0, 0, 1}, {0, 0, 0, 2, 1})) == (0.75 + 1) / 2);
  CHECK(balanced_accuracy(counted(2, {0, 0, 0, 1}, {0, 0, 0, 0})) == 0.5);
}

TEST_CASE("agreement on nothing is refused") {
  const ConfusionMatrix nothing(2);
  CHECK(refusal<DataError>([&] { cohen_kappa(nothing); }) ==
        "cohen_kappa: expects at least one sample but the confusion matrix is empty");
  CHECK(refusal<DataError>([&] { matthews_correlation(nothing); }) ==
        "matthews_correlation: expects at least one sample but the confusion matrix is empty");
  CHECK(refusal<DataError>([&] { balanced_accuracy(nothing); }) ==
        "balanced_accuracy: expects at least one sample but the confusion matrix is empty");
}
