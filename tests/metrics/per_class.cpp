#include <lamina/metrics/per_class.hpp>

#include "judged.hpp"

using namespace judged;

namespace {

PerClass averaged(std::vector<double> values, const std::vector<Index>& support) {
  return detail::averaged(std::move(values), support);
}

}  // namespace

TEST_CASE("means over the classes are plain and by support") {
  const PerClass metric = averaged({0.5, 1, 0}, {1, 3, 4});
  CHECK(metric.classes == std::vector<double>{0.5, 1, 0});
  CHECK(metric.macro == 0.5);
  CHECK(metric.weighted == 3.5 / 8);
}

TEST_CASE("means leave out a class that has no value, whatever its support") {
  const PerClass metric = averaged({0.5, NaN, 1}, {1, 5, 3});
  CHECK(metric.macro == 0.75);
  CHECK(metric.weighted == 3.5 / 4);
  CHECK(std::isnan(metric.classes[1]));
}

TEST_CASE("means of no value are not defined, and without samples both means are plain") {
  CHECK(std::isnan(averaged({NaN, NaN}, {1, 2}).macro));
  CHECK(std::isnan(averaged({NaN, NaN}, {1, 2}).weighted));
  CHECK(averaged({0.25, 0.75}, {0, 0}).weighted == 0.5);
}
