#include <cmath>
#include <lamina/report/ticks.hpp>
#include <limits>

#include "../catch.hpp"

using namespace lamina;

namespace {

using Labels = std::vector<std::string>;
constexpr double no_number = std::numeric_limits<double>::quiet_NaN(),
                 infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("ticks are multiples of 1, 2 or 5 times a power of ten around the values") {
  CHECK(detail::nice_ticks(0.03, 0.97).labels == Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(detail::nice_ticks(0, 2.3).labels == Labels{"0.0", "0.5", "1.0", "1.5", "2.0", "2.5"});
  CHECK(detail::nice_ticks(-3, 7).labels == Labels{"-4", "-2", "0", "2", "4", "6", "8"});
  CHECK(detail::nice_ticks(0.9871, 0.9913).labels == Labels{"0.987", "0.988", "0.989", "0.990", "0.991", "0.992"});
}

TEST_CASE("an axis that is not extended keeps its ends, and whole numbers stay whole") {
  const detail::Ticks epochs = detail::nice_ticks(1, 3, {.most = 7, .whole = true, .to_ticks = false});
  CHECK(epochs.low == 1);
  CHECK(epochs.high == 3);
  CHECK(epochs.labels == Labels{"1", "2", "3"});
  const detail::Ticks many = detail::nice_ticks(1, 20, {.most = 7, .whole = true, .to_ticks = false});
  CHECK(many.labels == Labels{"5", "10", "15", "20"});
}

TEST_CASE("very large and very small numbers are labelled with exponents") {
  CHECK(detail::nice_ticks(0, 5e6).labels.back() == "5e+06");
  CHECK(detail::nice_ticks(0, 5e-6).labels.back() == "5e-06");
}

TEST_CASE("where there is nothing to show the axis goes from 0 to 1") {
  const std::vector<double> none, no_numbers{no_number, infinity, -infinity};
  for (const auto& values : {none, no_numbers}) {
    const detail::Ticks ticks = detail::nice_ticks(values);
    CHECK(ticks.low == 0);
    CHECK(ticks.high == 1);
  }
}

TEST_CASE("whatever the values are, there are 2 to 13 ticks in order, and values lie within the axis") {
  const std::vector<double> ends{0,    1,        -1,       0.1,       1e-300, 5e-324,    1e-12,   1 + 1e-15,
                                 1e15, 1e15 + 1, 9.99e299, -9.99e299, 1e308,  no_number, infinity};
  for (const double a : ends)
    for (const double b : ends) {
      const std::vector<double> values{a, b};
      const detail::Ticks ticks = detail::nice_ticks(values);
      INFO(a << " … " << b);
      CHECK(ticks.low < ticks.high);
      CHECK(ticks.values.size() >= 2);
      CHECK(ticks.values.size() <= 13);
      CHECK(ticks.labels.size() == ticks.values.size());
      CHECK(std::is_sorted(ticks.values.begin(), ticks.values.end()));
      for (const double value : values)
        if (detail::is_drawable(value)) CHECK((value >= ticks.low && value <= ticks.high));
    }
}
