#include <lamina/metrics/specificity.hpp>

#include "judged.hpp"

using namespace judged;

TEST_CASE("specificity is the share of other samples that were not taken for the class") {
  ConfusionMatrix confusion(3);
  confusion.add(Classes{0, 0, 1, 1, 1, 2}, Classes{0, 1, 1, 1, 2, 1});
  const PerClass metric = specificity(confusion);
  CHECK(metric.classes == std::vector<double>{4.0 / 4, 1.0 / 3, 4.0 / 5});
  CHECK(metric.macro == Approx((1 + 1.0 / 3 + 0.8) / 3).epsilon(1e-15));
  CHECK(metric.weighted == Approx((2 * 1 + 3.0 / 3 + 0.8) / 6).epsilon(1e-15));
}

TEST_CASE("specificity is 0 where there are no other samples, and 1 for a class that nothing is of or is taken for") {
  ConfusionMatrix confusion(2);
  confusion.add(Classes{0, 0}, Classes{0, 0});
  CHECK(specificity(confusion).classes == std::vector<double>{0, 1});
}

TEST_CASE("specificity of nothing is refused") {
  CHECK(refusal<DataError>([] { specificity(ConfusionMatrix(2)); }) ==
        "specificity: expects at least one sample but the confusion matrix is empty");
}
