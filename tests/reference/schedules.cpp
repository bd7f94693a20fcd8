#include <lamina/training/plateau.hpp>
#include <lamina/training/schedules.hpp>

#include "reference.hpp"

using namespace lamina;
using namespace reference;

namespace {

/// The factors at `count` steps, done(i) being how much of the run lies before step i.
template <typename Done>
void agrees(const std::string& name, Index count, const Schedule& schedule, Done done) {
  std::vector<double> factors;
  for (Index i = 0; i < count; ++i) factors.push_back(schedule(done(static_cast<double>(i))));
  check("schedule_" + name, factors.data(), count, 1e-13);
}

}  // namespace

TEST_CASE("schedules agree with PyTorch's") {
  agrees("step", 30, StepDecay{.factor = 0.3, .every = 7.0 / 30}, [](double i) { return i / 30; });
  agrees("exponential", 20, ExponentialDecay{.to = std::pow(0.8, 20)}, [](double i) { return i / 20; });
  agrees("cosine", 25, Cosine{}, [](double i) { return i / 25; });
  agrees("linear", 12, LinearDecay{.to = 0.2}, [](double i) { return i / 12; });
  agrees("warm_up_cosine", 20, WarmUp{.share = 0.25, .from = 0.1, .then = Cosine{}}, [](double i) { return i / 20; });
  // PyTorch's cycle is at its end in the last step, not after it: 41 steps lie 1/40 of the cycle apart.
  agrees("one_cycle", 40, OneCycle{.share = (0.3 * 41 - 1) / 40}, [](double i) { return i / 40; });
}

TEST_CASE("a rate on plateaus agrees with PyTorch's, for losses and for accuracies") {
  const auto rates = [](const ReduceOnPlateau& options, double sign) {
    detail::PlateauRate rate(options);
    std::vector<double> all;
    for (std::uint32_t step = 0; step < 40; ++step)
      all.push_back(rate(2 + sign * (std::exp(-0.1 * step) + 0.2 * number(70 + step, 0))));
    return all;
  };
  const auto losses = rates({.factor = 0.5, .patience = 2}, 1);
  check("plateau_loss", losses.data(), 40, 1e-13);
  const auto accuracies = rates(
      {.monitor = Monitor::accuracy, .factor = 0.3, .patience = 1, .threshold = 0.05, .cooldown = 3, .min_factor = 0.02},
      -1);
  check("plateau_accuracy", accuracies.data(), 40, 1e-13);
}
