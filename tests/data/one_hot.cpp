#include <lamina/data/one_hot.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;
using Labels = std::vector<std::int32_t>;

TEST_CASE("a one-hot row is 1 at its class and 0 elsewhere") {
  const Tensor<float, 2> y = one_hot(Labels{2, 0}, 3);
  REQUIRE(shape(y) == Shape{2, 3});
  const float expected[] = {0, 0, 1, 1, 0, 0};
  CHECK(std::equal(y.data(), y.data() + y.size(), expected));
}

TEST_CASE("one-hot rows exist in double, of one class, and of no labels") {
  CHECK(one_hot<double>(Labels{0}, 1)(0, 0) == 1.0);
  CHECK(shape(one_hot(Labels{}, 4)) == Shape{0, 4});
}

TEST_CASE("one_hot refuses labels outside the classes, and no classes") {
  CHECK(refusal<DataError>([] {
          one_hot(Labels{0, 3}, 3);
        }) ==
        "one_hot: label 3 of sample 1 is outside the 3 classes 0 … 2; labels count from 0, or there are more classes");
  CHECK(refusal<DataError>([] { one_hot(Labels{-1}, 3); }) ==
        "one_hot: label -1 of sample 0 is outside the 3 classes 0 … 2; labels count from 0");
  CHECK(refusal<OptionError>([] { one_hot(Labels{}, 0); }) == "one_hot: expects at least 1 class but got 0");
}
