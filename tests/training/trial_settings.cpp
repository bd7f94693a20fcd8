#include <lamina/training/trial_settings.hpp>

#include <set>
#include <sstream>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

std::string text(const TrialSettings& settings) {
  std::ostringstream out;
  out << settings;
  return out.str();
}

}  // namespace

TEST_CASE("a grid holds every combination once, the last setting changing fastest") {
  const auto grid = grid_settings({{"rate", {0.5, 0.25}}, {"units", {30, 100, 300}}});
  std::vector<std::string> all;
  for (const TrialSettings& point : grid) all.push_back(text(point));
  CHECK(all == std::vector<std::string>{"rate 0.5, units 30", "rate 0.5, units 100", "rate 0.5, units 300",
                                        "rate 0.25, units 30", "rate 0.25, units 100", "rate 0.25, units 300"});
  CHECK(grid[4]["rate"] == 0.25);
  CHECK(grid[4].whole("units") == 100);
  CHECK(grid_settings({}).size() == 1);
}

TEST_CASE(
    "random settings are drawn from their ranges, evenly, evenly in the logarithm, or whole, and from the seed alone") {
  const std::vector<ParameterRange> settings{UniformRange{"even", -1, 3}, UniformRange{"log", 1e-4, 1, UniformRange::Kind::logarithmic},
                                    UniformRange{"whole", 2, 5, UniformRange::Kind::whole}, Choices{"one", {7, 9}}};
  const auto drawn = random_settings(settings, 2000, Rng{1});
  CHECK(drawn.size() == 2000);
  CHECK(drawn == random_settings(settings, 2000, Rng{1}));
  CHECK(drawn != random_settings(settings, 2000, Rng{2}));
  const auto fewer = random_settings(settings, 10, Rng{1});
  CHECK(std::equal(fewer.begin(), fewer.end(), drawn.begin()));
  std::set<double> whole, one;
  double below_1 = 0, below_1e_2 = 0;
  for (const TrialSettings& point : drawn) {
    CHECK((point["even"] >= -1 && point["even"] < 3 && point["log"] >= 0.99e-4 && point["log"] <= 1));
    below_1 += point["even"] < 1;
    below_1e_2 += point["log"] < 1e-2;
    whole.insert(point["whole"]);
    one.insert(point["one"]);
  }
  CHECK(std::abs(below_1 / 2000 - 0.5) < 0.04);  // more than three deviations
  CHECK(std::abs(below_1e_2 / 2000 - 0.5) < 0.04);
  CHECK(whole == std::set<double>{2, 3, 4, 5});
  CHECK(one == std::set<double>{7, 9});
}

TEST_CASE("settings that are not there, not whole, there twice or without values are refused") {
  const TrialSettings point({{"rate", 0.5}, {"units", 30}});
  CHECK(refusal<OptionError>([&] { point["Rate"]; }) == "TrialSettings: there is no Rate; there are: rate, units");
  CHECK(refusal<OptionError>([&] { point.whole("rate"); }) ==
        "TrialSettings: expects rate to be a whole number but it is 0.5");
  CHECK(refusal<OptionError>([] {
          TrialSettings({{"n", std::nan("")}}).whole("n");
        }).starts_with("TrialSettings: expects n"));
  CHECK(refusal<OptionError>([] {
          grid_settings({{"a", {1}}, {"b", {}}});
        }) == "Choices: expects at least one value of b");
  CHECK(refusal<OptionError>([] { grid_settings({{"a", {1}}, {"a", {2}}}); }) == "settings: a is there twice");
  const Choices long_axis{"", std::vector<double>(200, 1)};
  CHECK(refusal<OptionError>([&] { grid_settings({long_axis, long_axis, long_axis}); }) ==
        "grid_settings: expects at most a million combinations; draw some with random_settings");
  const auto refused = [](const ParameterRange& setting) {
    return refusal<OptionError>([&] { random_settings({setting}, 1, Rng{}); });
  };
  CHECK(refused(UniformRange{"r", 2, 1}) == "UniformRange: expects finite limits, low ≤ high, for r but got 2 and 1");
  CHECK(refused(UniformRange{"r", 0, 1, UniformRange::Kind::logarithmic}) ==
        "UniformRange: expects limits above 0 for r but got 0 and 1");
  CHECK(refused(UniformRange{"r", 0.5, 1, UniformRange::Kind::whole}) ==
        "UniformRange: expects whole limits for r but got 0.5 and 1");
  CHECK(refused(UniformRange{"r", 0, std::nan("")}).starts_with("UniformRange: expects finite limits"));
  CHECK(refused(Choices{"c", {}}) == "Choices: expects at least one value of c");
  CHECK(refusal<OptionError>([] { random_settings({}, -1, Rng{}); }) ==
        "random_settings: expects a count of at least 0 but got -1");
}
