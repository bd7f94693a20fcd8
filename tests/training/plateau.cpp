#include <lamina/training/plateau.hpp>

#include <limits>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

TEST_CASE("the rate falls after more epochs without improvement than patience, and again after as many") {
  detail::PlateauRate rate(ReduceOnPlateau{.factor = 0.5, .patience = 2, .threshold = 0.1});
  const std::vector<double> losses{5, 4, 3.7, 3.65, 3.5, 3.59, 3.61, 3.6}, expected{1, 1, 1, 1, 1, 1, 1, 0.5};
  // 3.7 is no better than 4 by a tenth, nor is 3.65; 3.5 is. Then three in a row are not.
  for (std::size_t i = 0; i < losses.size(); ++i) CHECK(rate(losses[i]) == expected[i]);
  CHECK(rate(std::nan("")) == 0.5);
  CHECK(rate(9) == 0.5);
  CHECK(rate(9) == 0.25);
}

TEST_CASE("fit multiplies its schedule by the plateau's rate from the next epoch on") {
  const auto data = bars(40);
  auto model = convolutional_model();
  // Of a rate of nothing no epoch is better than the first: after epochs 2 and 3, and 5 and 6, it falls.
  std::vector<double> rates;
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e-30}}.fit(
      model, data,
      {.epochs = 8,
       .batch_size = 40,
       .validation = &data,
       .on_plateau = ReduceOnPlateau{.factor = 0.5, .patience = 1},
       .on_epoch = [&](EpochEnd& end) { rates.push_back(end.record.learning_rate * 1e30); }});
  const std::vector<double> expected{1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125};
  REQUIRE(rates.size() == expected.size());
  for (std::size_t i = 0; i < rates.size(); ++i) CHECK(rates[i] == Approx(expected[i]).epsilon(1e-12));
}

TEST_CASE("a plateau's options are refused before the first step when they cannot be") {
  auto model = convolutional_model();
  const auto before = digest(model);
  const auto refused = [&](const ReduceOnPlateau& plateau) {
    const auto data = bars(10);
    return refusal<OptionError>([&] {
      Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, data, {.validation = &data, .on_plateau = plateau});
    });
  };
  CHECK(refused({.factor = 1}) == "ReduceOnPlateau: expects a factor above 0 and below 1 but got 1");
  CHECK(refused({.factor = 0}) == "ReduceOnPlateau: expects a factor above 0 and below 1 but got 0");
  CHECK(refused({.patience = -1}) == "ReduceOnPlateau: expects a patience of at least 0 epochs but got -1");
  CHECK(refused({.threshold = 1}) == "ReduceOnPlateau: expects a threshold of at least 0 and below 1 but got 1");
  CHECK(refused({.cooldown = -2}) == "ReduceOnPlateau: expects a cooldown of at least 0 epochs but got -2");
  CHECK(refused({.min_factor = 2}) == "ReduceOnPlateau: expects .min_factor of 0 … 1, a share of the rate, but got 2");
  CHECK(refusal<OptionError>([&] {
          Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, bars(10), {.on_plateau = ReduceOnPlateau{}});
        }) ==
        "ReduceOnPlateau: needs the validation set but fit got none; give .validation, or .monitor = Monitor::loss");
  CHECK(digest(model) == before);
}
