#include <lamina/data/class_weights.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

TEST_CASE("balanced weights make each class that is present count the same, and sum to the number of samples") {
  const Dataset<1> data(Tensor<float, 2>(8, 1), std::vector<std::int32_t>{0, 0, 0, 0, 0, 3, 3, 1}, {.classes = 4});
  const auto weights = balanced_class_weights(data);
  CHECK(weights == std::vector<double>{8.0 / 15, 8.0 / 3, 0, 8.0 / 6});
}

TEST_CASE("balanced weights of target rows are refused") {
  CHECK(refusal<OptionError>([] {
          balanced_class_weights(Dataset<1>(Tensor<float, 2>(2, 1), Tensor<float, 2>(2, 3).setZero()));
        }) == "balanced_class_weights: expects class numbers but the data set has target rows");
}
