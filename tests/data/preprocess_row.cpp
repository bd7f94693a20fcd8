#include <lamina/data/batches.hpp>
#include <lamina/data/preprocess_row.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

TEST_CASE("one row is seen as it would be in a data set, to the bit") {
  Dataset<1> data{std::vector<float>{1, 2, 3, 4, 5.5F, -6}, Shape{3}, std::vector<std::int32_t>{0, 1}};
  const Normalisation normalisation{.mean = {0.1, 0.2, 0.3}, .deviation = {0.5, 2, 3}};
  data.normalise(normalisation);
  Batch<Tensor<float, 2>> batch;
  gather(data, std::vector<Index>{1}, batch);
  const auto one = preprocess_row(std::vector<float>{4, 5.5F, -6}, normalisation);
  REQUIRE(shape(one) == Shape{1, 3});
  for (Index f = 0; f < 3; ++f) CHECK(one(0, f) == batch.x(0, f));
  CHECK(preprocess_row<double>(std::vector<float>{2, 3}, {.mean = {1}, .deviation = {2}})(0, 1) == 1);
  CHECK(preprocess_row(std::vector<float>{7})(0, 0) == 7);
}

TEST_CASE("a normalisation of other features is refused") {
  CHECK(refusal<OptionError>([] { preprocess_row(std::vector<float>{1, 2}, {.mean = {0, 0, 0}}); })
            .starts_with("normalise: expects one mean and one deviation for all, or one for each of the 2 channels"));
}
