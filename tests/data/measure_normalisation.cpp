#include <lamina/data/measure_normalisation.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

TEST_CASE("mean and deviation are measured for each channel, bytes as 0 to 1") {
  const Dataset colours{std::vector<std::uint8_t>{0, 51, 0, 102, 255, 51, 255, 102}, Shape{2, 1, 2}, {0, 1}};
  const Normalisation measured = measure_normalisation(colours);
  REQUIRE(measured.mean.size() == 2);
  CHECK(measured.mean[0] == Approx(0.5));
  CHECK(measured.mean[1] == Approx(0.3));
  CHECK(measured.deviation[0] == Approx(0.5));
  CHECK(measured.deviation[1] == Approx(0.1));
}

TEST_CASE("a data set normalised by what was measured of it has mean 0 and deviation 1") {
  Dataset x{std::vector<float>{1, 1000, 2, 1001, 6, 1005}, Shape{2}, {0, 0, 0}};
  x.normalise(measure_normalisation(x));
  for (Index f = 0; f < 2; ++f) {
    double sum = 0.0, squares = 0.0;
    for (Index i = 0; i < 3; ++i) sum += x.at(i)(f), squares += x.at(i)(f) * x.at(i)(f);
    CHECK(sum / 3 == Approx(0.0).margin(1e-4));
    CHECK(squares / 3 == Approx(1.0).epsilon(1e-4));
  }
}

TEST_CASE("what is measured does not depend on how the set is normalised already") {
  Dataset x{std::vector<float>{1, 2, 6}, Shape{1}, {0, 0, 0}};
  x.normalise({.mean = {7}, .deviation = {2}});
  CHECK(measure_normalisation(x).mean[0] == Approx(3.0));
}

TEST_CASE("a constant channel is measured to have deviation 1") {
  const Dataset x{std::vector<float>(30, 0.1f), Shape{1}, std::vector<std::int32_t>(30)};
  CHECK(measure_normalisation(x).mean[0] == Approx(0.1));
  CHECK(measure_normalisation(x).deviation[0] == 1.0);
}

TEST_CASE("an empty data set cannot be measured") {
  const Dataset none{std::vector<float>{}, Shape{4}, std::vector<std::int32_t>{}};
  CHECK(refusal<DataError>([&] { measure_normalisation(none); }) ==
        "measure_normalisation: expects at least one sample but got an empty data set");
}
