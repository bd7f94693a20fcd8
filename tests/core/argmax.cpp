#include <lamina/core/argmax.hpp>

#include <limits>
#include <vector>

#include "../catch.hpp"

using lamina::Index;
using lamina::detail::argmax;
using lamina::detail::ranks_before;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Index first(const std::vector<double>& scores) { return argmax(scores.data(), std::ssize(scores)); }

}  // namespace

TEST_CASE("the highest score is first, among equals the lower class number") {
  CHECK(first({3}) == 0);
  CHECK(first({1, 3, 2}) == 1);
  CHECK(first({1, 3, 2, 3}) == 1);
  CHECK(first({0.0, -0.0}) == 0);
  CHECK(first({-0.0, 0.0}) == 0);
  CHECK(first({-infinity, -1e300}) == 1);
}

TEST_CASE("a NaN loses against every number, and among NaN the first is first") {
  CHECK(first({not_a_number, -infinity}) == 1);
  CHECK(first({-infinity, not_a_number}) == 0);
  CHECK(first({not_a_number, 2, not_a_number, 3, not_a_number}) == 3);
  CHECK(first({not_a_number, not_a_number, not_a_number}) == 0);
}

TEST_CASE("of two different classes one ranks before the other, and none before itself") {
  const std::vector<double> scores{not_a_number, -infinity, -1, -0.0, 0.0, 1, 1, infinity, not_a_number};
  for (Index i = 0; i < std::ssize(scores); ++i)
    for (Index j = 0; j < std::ssize(scores); ++j) {
      const double a = scores[static_cast<std::size_t>(i)], b = scores[static_cast<std::size_t>(j)];
      CAPTURE(i, j);
      CHECK(ranks_before(a, i, b, j) == (i != j && !ranks_before(b, j, a, i)));
    }
}
