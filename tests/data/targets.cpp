#include <lamina/data/targets.hpp>
#include <limits>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("answers are made of a vector, a span or a list of class numbers") {
  const std::vector<std::int32_t> numbers{2, 0, 1};
  for (const Targets& targets : {Targets(numbers), Targets(std::span<const std::int32_t>(numbers)), Targets{2, 0, 1}}) {
    CHECK(targets.has_labels());
    CHECK(targets.size() == 3);
    CHECK(targets.labels == numbers);
  }
}

TEST_CASE("answers are made of row-major tensors with and without lamina's storage") {
  Eigen::Tensor<float, 2, Eigen::RowMajor> rows(3, 2);
  rows.setValues({{1, 2}, {3, 4}, {5, 6}});
  const Targets plain = rows, own = Tensor<float, 2>(rows);
  for (const Targets* targets : {&plain, &own}) {
    CHECK_FALSE(targets->has_labels());
    CHECK(targets->size() == 3);
    CHECK(targets->targets(2, 0) == 5);
  }
}

TEST_CASE("a vector or a span of float is a target for each sample") {
  const std::vector<float> numbers{0.5F, -2, 7};
  for (const Targets& targets : {Targets(numbers), Targets(std::span<const float>(numbers))}) {
    CHECK_FALSE(targets.has_labels());
    CHECK(targets.size() == 3);
    CHECK(shape(targets.targets) == Shape{3, 1});
    CHECK(targets.targets(1, 0) == -2);
  }
  const Targets none = std::vector<float>{};
  CHECK_FALSE(none.has_labels());
  CHECK(none.size() == 0);
}

TEST_CASE("no answers are class numbers, of no samples") {
  CHECK(Targets{}.has_labels());
  CHECK(Targets{}.size() == 0);
}

TEST_CASE("target rows of no samples are still target rows") {
  const Targets none = Tensor<float, 2>(0, 3);
  CHECK_FALSE(none.has_labels());
  CHECK(none.size() == 0);
}
