#include <lamina/training/schedules.hpp>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("a constant schedule is 1 wherever it is asked") {
  for (const double done : {0.0, 0.3, 0.999}) CHECK(Constant{}(done) == 1.0);
}

TEST_CASE("a cosine begins at 1, passes 1/2 in the middle and ends at 0") {
  CHECK(Cosine{}(0) == 1.0);
  CHECK(Cosine{}(0.5) == Approx(0.5).margin(1e-15));
  CHECK(Cosine{}(0.25) == Approx((1 + std::sqrt(0.5)) / 2).epsilon(1e-15));
  CHECK(Cosine{}(1.0 / 3) == Approx(0.75).epsilon(1e-15));
  CHECK(Cosine{}(1) == 0.0);
}

TEST_CASE("a cosine only falls, and never below 0") {
  for (int i = 0; i < 1000; ++i) {
    const double now = Cosine{}(i / 1000.0), next = Cosine{}((i + 1) / 1000.0);
    REQUIRE(next < now);
    REQUIRE(next >= 0);
  }
}

TEST_CASE("any function is a schedule") {
  const Schedule linear = [](double done) { return 1 - done; };
  CHECK(linear(0.25) == 0.75);
  CHECK(Schedule{Cosine{}}(0) == 1.0);
}
