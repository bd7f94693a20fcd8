#include <lamina/training/learning_rate_finder.hpp>

#include <sstream>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

const Trainer plain{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}};

LearningRateCurve curve_of(const std::vector<double>& losses) {
  LearningRateCurve curve;
  double rate = 1e-4;
  for (const double loss : losses) {
    curve.points.push_back({.learning_rate = rate, .loss = loss, .smooth = loss});
    rate *= 10;
  }
  curve.suggestion = detail::tenth_of_the_best(curve.points);
  return curve;
}

}  // namespace

TEST_CASE("the finder tries rates in equal ratios, whatever the optimizer's own, and leaves the model as it was") {
  const auto model = convolutional_model();
  const auto before = digest(model);
  const LearningRateCurve curve =
      find_learning_rate(plain, model, bars(100), {.from = 1e-5, .to = 1e-2, .steps = 31, .batch_size = 16});
  REQUIRE(curve.points.size() == 31);  // more than the seven steps of an epoch
  for (std::size_t i = 0; i < 31; ++i)
    CHECK(curve.points[i].learning_rate == Approx(std::pow(10, -5 + 0.1 * static_cast<double>(i))).epsilon(1e-12));
  CHECK(digest(model) == before);
  CHECK(model.steps() == 0);
}

TEST_CASE("the finder's losses are those of the steps, and its mean forgets a tenth each step") {
  const auto data = bars(64);
  const auto model = convolutional_model();
  const LearningRateCurve curve =
      find_learning_rate(plain, model, data, {.from = 1e-3, .to = 1e-1, .steps = 10, .batch_size = 64});
  auto copy = model;
  Trainer trainer = plain;
  double mean = 0, share = 0;
  for (std::uint64_t step = 0; step < 10; ++step)
    for (const auto& batch : batches(data, {.batch_size = 64, .shuffle = Rng{0}.split(step)})) {
      const double loss = trainer.step(copy, batch, {.rate = curve.points[step].learning_rate / 0.01}).loss;
      mean = 0.9 * mean + 0.1 * loss;
      share = 0.9 * share + 0.1;
      CHECK(curve.points[step].loss == Approx(loss).epsilon(1e-6));
      CHECK(curve.points[step].smooth == Approx(mean / share).epsilon(1e-6));
    }
}

TEST_CASE("the finder stops where the loss explodes, suggests a rate below, and training with that rate learns") {
  const auto data = bars(300);
  const auto model = convolutional_model();
  const LearningRateCurve curve =
      find_learning_rate(plain, model, data, {.from = 1e-5, .to = 1e4, .batch_size = 16, .threads = 1});
  CHECK(curve.points.size() < 100);
  CHECK(curve.suggestion > 1e-4);
  CHECK(curve.suggestion < curve.points.back().learning_rate);
  auto trained = model;
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = curve.suggestion}}.fit(
      trained, data, {.epochs = 15, .batch_size = 16});
  CHECK(history.epochs.back().accuracy > 0.9);
  const LearningRateCurve threads =
      find_learning_rate(plain, model, data, {.from = 1e-5, .to = 1e4, .batch_size = 16, .threads = 3});
  CHECK(threads.suggestion == curve.suggestion);
}

TEST_CASE("a loss that is not finite ends the curve, and is no error") {
  const LearningRateCurve curve =
      find_learning_rate(plain, convolutional_model(), bars(100), {.from = 1e20, .to = 1e38, .steps = 10});
  CHECK(curve.points.size() < 10);
}

TEST_CASE("the suggestion is a tenth of the rate at which the loss has nearly fallen, and none where it hardly fell") {
  CHECK(curve_of({5, 5, 4.9, 4.5, 3, 2.5, 2.4, 9}).suggestion == Approx(1));
  CHECK(curve_of({5, 1, 0.1, 0.01, 0.02, 0.001, 9}).suggestion == Approx(0.001));  // learned before the rate is high
  CHECK(curve_of({5, 4, 3, 2}).suggestion == Approx(0.01));
  CHECK(curve_of({1, 1, 0.95, 2, 3, 4, 5}).suggestion == 0);
}

TEST_CASE("a curve prints as a plot of the loss over the rate, with the suggestion marked") {
  std::ostringstream out;
  out << curve_of({5, 5, 4.9, 4.5, 3, 2.5, 2.4, 9});
  const std::string blank = "           |                                                             \n";
  std::string expected;
  expected += "         6 |                                                            *\n";
  expected += blank;
  expected += blank;
  expected += "           | *       *        *                                          \n";
  expected += blank;
  expected += "           |                          *                                  \n";
  expected += blank;
  expected += blank;
  expected += blank;
  expected += "           |                                   *                         \n";
  expected += blank;
  expected += "       2.4 |                                           *        *        \n";
  expected += "      loss +-------------------------------------------------------------\n";
  expected += "                                               ^\n";
  expected += "             learning rate 0.0001 … 1000; suggested: 1\n";
  CHECK(out.str() == expected);
  std::ostringstream none, flat;
  none << LearningRateCurve{};
  CHECK(none.str() == "no learning rate was tried\n");
  flat << curve_of({1, 1, 1, 1, 1});
  CHECK(flat.str().find("suggested: none, the loss did not fall") != std::string::npos);
}

TEST_CASE("the finder refuses rates that cannot be and too few steps") {
  const auto refused = [](const LearningRateSearch& search) {
    return refusal<OptionError>([&] { find_learning_rate(plain, convolutional_model(), bars(10), search); });
  };
  CHECK(refused({.from = 0}) == "find_learning_rate: expects 0 < .from < .to but got 0 and 10");
  CHECK(refused({.from = 1, .to = 1}) == "find_learning_rate: expects 0 < .from < .to but got 1 and 1");
  CHECK(refused({.to = INFINITY}) == "find_learning_rate: expects 0 < .from < .to but got 1e-06 and inf");
  CHECK(refused({.steps = 9}) == "find_learning_rate: expects at least 10 steps but got 9");
}
