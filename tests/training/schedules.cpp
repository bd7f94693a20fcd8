#include <lamina/training/schedules.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

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

TEST_CASE("steps fall by the factor at each share of the run, and nowhere else") {
  const StepDecay thirds{.factor = 0.5, .every = 1.0 / 3};
  CHECK(thirds(0) == 1);
  CHECK(thirds(0.33) == 1);
  CHECK(thirds(2.0 / 6) == 0.5);
  CHECK(thirds(0.66) == 0.5);
  CHECK(thirds(2.0 / 3) == 0.25);
  CHECK(thirds(0.999) == 0.25);
  for (int steps = 1; steps <= 200; ++steps)  // wherever a step begins, rounding does not put it off
    for (int i = 0; i < steps; ++i)
      REQUIRE(StepDecay{.factor = 2, .every = 1.0 / steps}(static_cast<double>(i) / steps) == std::pow(2, i));
}

TEST_CASE("exponential decay has one factor for equal parts of the run, linear decay one difference") {
  const ExponentialDecay fall{.to = 0.01};
  CHECK(fall(0) == 1);
  CHECK(fall(0.5) == Approx(0.1).epsilon(1e-15));
  CHECK(fall(1) == Approx(0.01).epsilon(1e-15));
  CHECK(LinearDecay{}(0.25) == 0.75);
  CHECK(LinearDecay{.from = 2, .to = 1}(0.25) == 1.75);
}

TEST_CASE("a warm-up rises in a line to the whole rate, then the other schedule has the rest of the run to itself") {
  const WarmUp warm{.share = 0.2, .from = 0.5, .then = LinearDecay{}};
  CHECK(warm(0) == 0.5);
  CHECK(warm(0.1) == Approx(0.75).epsilon(1e-15));
  CHECK(warm(0.2) == 1);
  CHECK(warm(0.6) == Approx(0.5).epsilon(1e-15));
  CHECK(WarmUp{}(0.9) == 1);
  const WarmUp twice{.share = 0.5, .from = 0, .then = WarmUp{.share = 0.5, .from = 0.25, .then = Constant{}}};
  CHECK(twice(0.25) == 0.5);
  CHECK(twice(0.5) == 0.25);
  CHECK(twice(0.75) == 1);
}

TEST_CASE("one cycle begins at a fraction, is whole where the rise ends, and ends at next to nothing") {
  const OneCycle cycle{.share = 0.25, .divide_start = 10, .divide_end = 100};
  CHECK(cycle(0) == Approx(0.1).epsilon(1e-15));
  CHECK(cycle(0.125) == Approx(0.55).epsilon(1e-15));
  CHECK(cycle(0.25) == 1);
  CHECK(cycle(0.625) == Approx((1 + 0.001) / 2).epsilon(1e-14));
  CHECK(cycle(1) == Approx(0.001).epsilon(1e-15));
}

TEST_CASE("schedules refuse what they cannot be made of") {
  const auto refused = [](const Schedule& schedule) { return refusal<OptionError>([&] { schedule(0.5); }); };
  CHECK(refused(StepDecay{.factor = 0}) == "StepDecay: expects a finite .factor above 0 but got 0");
  CHECK(refused(StepDecay{.every = 0}) ==
        "StepDecay: expects .every above 0 and at most 1, a share of the run, but got 0");
  CHECK(refused(StepDecay{.every = 30}) ==
        "StepDecay: expects .every above 0 and at most 1, a share of the run, but got 30");
  CHECK(refused(ExponentialDecay{.to = -1}) == "ExponentialDecay: expects a finite .to above 0 but got -1");
  CHECK(refused(LinearDecay{.from = std::nan("")}) == "LinearDecay: expects a finite .from of at least 0 but got nan");
  CHECK(refused(LinearDecay{.to = -0.5}) == "LinearDecay: expects a finite .to of at least 0 but got -0.5");
  CHECK(refused(WarmUp{.share = 1}) == "WarmUp: expects .share above 0 and below 1, of the run, but got 1");
  CHECK(refused(WarmUp{.from = 2}) == "WarmUp: expects .from of 0 … 1 but got 2");
  CHECK(refused(WarmUp{.then = nullptr}) ==
        "WarmUp: expects a schedule .then but got an empty function; leave it out for a constant rate");
  CHECK(refused(OneCycle{.share = 0}) == "OneCycle: expects .share above 0 and below 1, of the run, but got 0");
  CHECK(refused(OneCycle{.divide_start = 0.5}) == "OneCycle: expects .divide_start of at least 1 but got 0.5");
  CHECK(refused(OneCycle{.divide_end = 0}) == "OneCycle: expects .divide_end of at least 1 but got 0");
}
