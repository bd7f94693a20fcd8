#include <lamina/training/reducer.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <lamina/layers/dropout.hpp>
#include <lamina/optimizers/adam.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

using Exact = Tensor<double, 4>;
using ExactModel = BasicModel<double>;

ExactModel exact_model() { return {convolutional, image, Rng{7}}; }

template <AnyTensor X, int Rank>
Batch<X> part(const Dataset<Rank>& data, Index first, Index last) {
  std::vector<Index> numbers(static_cast<std::size_t>(last - first));
  std::iota(numbers.begin(), numbers.end(), first);
  Batch<X> batch;
  gather(data, numbers, batch);
  return batch;
}

/// The gradients that a reducer saw, and what the step weighs.
struct Seen {
  std::vector<std::string> names;
  std::vector<double> numbers;
  double weight = 0;
  Index samples = 0;
  int times = 0;

  template <typename T>
  void operator()(StepGradient<T>& gradient) {
    names.clear();
    numbers.clear();
    for (const auto& tensor : gradient.tensors) {
      names.emplace_back(tensor.name);
      numbers.insert(numbers.end(), tensor.values.begin(), tensor.values.end());
    }
    weight = gradient.weight;
    samples = gradient.samples;
    ++times;
  }
};

/// Adds to a process's gradient what another one, which stands still here, has: as the comment of Reducer says.
Reducer add_to(const Seen& other) {
  return [&other](StepGradient<double>& gradient) {
    const double whole = gradient.weight + other.weight;
    std::size_t i = 0;
    for (const auto& tensor : gradient.tensors)
      for (double& number : tensor.values)
        number = number * (gradient.weight / whole) + other.numbers[i++] * (other.weight / whole);
  };
}

const auto nothing = [](auto&) {};
const auto to_zero = [](auto& gradient) {
  for (const auto& tensor : gradient.tensors) std::fill(tensor.values.begin(), tensor.values.end(), 0);
};

}  // namespace

TEST_CASE("two processes that add their gradients up make the step of one that has the samples of both") {
  const auto data = bars(40);
  for (const SoftmaxCrossEntropy& loss :
       {SoftmaxCrossEntropy{}, SoftmaxCrossEntropy{.label_smoothing = 0.1, .class_weights = {1, 0.25, 3}}})
    for (const GradientClipping& clip : {GradientClipping{}, GradientClipping{.norm = 0.05, .value = 0.02}})
      for (const Index cut : {20, 7, 33}) {
        auto expected = exact_model(), first = expected, second = expected;
        Trainer whole{loss, SGD{.learning_rate = 0.1, .momentum = 0.9}}, one = whole, two = whole;
        for (int step = 0; step < 3; ++step) {
          whole.step(expected, part<Exact>(data, 0, 40), {.clip = clip});
          Seen seen;
          auto copy = second;
          Trainer{two}.step(copy, part<Exact>(data, cut, 40), {.reduce = std::ref(seen)});
          CHECK(seen.samples == 40 - cut);
          one.step(first, part<Exact>(data, 0, cut), {.reduce = add_to(seen), .clip = clip});
          second = first;
        }
        CHECK(distance(numbers(first), numbers(expected)) < 1e-12);
        CHECK(distance(numbers(first), numbers(exact_model())) > 1e-4);
      }
}

TEST_CASE("a reducer sees the gradient of the mean loss, tensor by tensor, with their names") {
  const auto data = bars(30);
  auto model = exact_model();
  const auto before = numbers(model);
  Seen seen;
  const StepResult plain = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1}}.step(
      model, part<Exact>(data, 0, 30), {.shards = 3, .reduce = std::ref(seen)});
  CHECK(plain.loss > 0);
  const auto after = numbers(model);
  REQUIRE(seen.numbers.size() == after.size());
  double worst = 0;
  for (std::size_t i = 0; i < after.size(); ++i)
    worst = std::max(worst, std::abs(before[i] - after[i] - seen.numbers[i]));
  CHECK(worst < 1e-15);
  CHECK(seen.names == std::vector<std::string>{"0.weight", "0.bias", "3.weight", "3.bias", "6.weight", "6.bias",
                                               "8.weight", "8.bias"});
  CHECK(seen.samples == 30);
  CHECK(seen.weight == 30);
  Seen weighted;
  Trainer{SoftmaxCrossEntropy{.class_weights = {2, 2, 2}}, SGD{}}.step(model, part<Exact>(data, 0, 30),
                                                                      {.reduce = std::ref(weighted)});
  CHECK(weighted.weight == 60);
}

TEST_CASE("a reducer that changes nothing leaves every bit as it is without one, for any number of threads") {
  const auto data = bars(70);
  for (const GradientClipping& clip : {GradientClipping{}, GradientClipping{.norm = 0.1}}) {
    auto expected = convolutional_model();
    const Trainer trainer{SoftmaxCrossEntropy{}, AdamW{}};
    const FitOptions<3> plain{.epochs = 2, .batch_size = 32, .threads = 1, .clip = clip};
    const History history = trainer.fit(expected, data, plain);
    for (const Index threads : {1, 2, 3, 4}) {
      auto model = convolutional_model();
      FitOptions<3> options = plain;
      options.threads = threads;
      options.reduce = nothing;
      CHECK(trainer.fit(model, data, options).epochs.back().loss == history.epochs.back().loss);
      CHECK(digest(model) == digest(expected));
    }
  }
}

TEST_CASE("a reducer is called once per step, whatever is accumulated, and clipping comes after it") {
  const auto data = bars(90);
  auto model = exact_model();
  Seen seen;
  Index steps = 0;
  FitOptions<3> options{.epochs = 2, .batch_size = 10, .accumulate = 4};
  options.on_batch = [&](BatchEnd&) {
    ++steps;
    CHECK(seen.samples == (steps % 3 == 0 ? 10 : 40));
  };
  options.reduce = std::ref(seen);
  Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, data, options);
  CHECK(steps == 6);
  CHECK(seen.times == 6);

  const auto before = numbers(model);
  const Reducer thousandfold = [](StepGradient<double>& gradient) {
    for (const auto& tensor : gradient.tensors)
      for (double& number : tensor.values) number *= 1000;
  };
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1}}.step(model, part<Exact>(data, 0, 30),
                                                               {.reduce = thousandfold, .clip = {.norm = 0.5}});
  const auto after = numbers(model);
  double squares = 0;
  for (std::size_t i = 0; i < after.size(); ++i) squares += (after[i] - before[i]) * (after[i] - before[i]);
  CHECK(std::sqrt(squares) == Approx(0.5).epsilon(1e-6));
}

TEST_CASE("SGD does not move along a gradient that a reducer made zero") {
  const auto data = bars(40);
  auto model = convolutional_model();
  const auto before = digest(model);
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
  trainer.fit(model, data, {.epochs = 2, .batch_size = 16, .reduce = to_zero});
  CHECK(digest(model) == before);
  trainer.step(model, part<Tensor<float, 4>>(data, 0, 40), {.reduce = to_zero});
  CHECK(digest(model) == before);
  CHECK(model.steps() == 7);
}

TEST_CASE("what a reducer throws reaches the caller, and the model is as the last whole step left it") {
  const auto data = bars(64);
  const auto batch = part<Tensor<float, 4>>(data, 0, 32);
  auto expected = convolutional_model(), model = expected;
  std::uint64_t at_last_step = 0;
  int left = 5;
  const auto fails = [&](StepGradient<float>& gradient) {
    if (left-- > 0) return;
    to_zero(gradient);
    throw std::runtime_error("the network is down");
  };
  FitOptions<3> options{.epochs = 3, .batch_size = 16, .threads = 2, .reduce = fails, .clip = {.norm = 1}};
  options.on_batch = [&](BatchEnd&) { at_last_step = digest(model); };
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}}, other = trainer;
  CHECK(refusal<std::runtime_error>([&] { trainer.fit(model, data, options); }) == "the network is down");
  CHECK(digest(model) == at_last_step);
  CHECK(model.steps() == 5);
  FitOptions<3> alone{.epochs = 3, .batch_size = 16, .clip = {.norm = 1}};
  int steps = 0;
  alone.on_batch = [&](BatchEnd& end) { end.stop_training = ++steps == 5; };
  other.fit(expected, data, alone);
  CHECK(digest(model) == digest(expected));

  // The momentum of the steps before continues after one that failed.
  trainer.step(model, batch);
  other.step(expected, batch);
  left = 0;
  CHECK(refusal<std::runtime_error>([&] { trainer.step(model, batch, {.reduce = fails}); }) == "the network is down");
  CHECK(digest(model) == digest(expected));
  CHECK(model.steps() == expected.steps());
  trainer.step(model, batch);
  other.step(expected, batch);
  CHECK(digest(model) == digest(expected));
}

TEST_CASE("a gradient that a reducer made infinite is told as divergence") {
  const auto data = bars(32);
  auto model = convolutional_model();
  const Reducer infinite = [](StepGradient<float>& gradient) {
    gradient.tensors[2].values[1] = std::numeric_limits<float>::infinity();
  };
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  CHECK(refusal<DivergenceError>([&] { trainer.fit(model, data, {.batch_size = 16, .reduce = infinite}); })
            .starts_with("fit: the gradient after .reduce stopped being finite in epoch 1, batch 1"));
  model = convolutional_model();
  CHECK(refusal<DivergenceError>([&] { trainer.step(model, part<Tensor<float, 4>>(data, 0, 32), {.reduce = infinite}); })
            .starts_with("step: the gradient after .reduce stopped being finite"));
}

TEST_CASE("a reducer for other numbers than the model's is refused before the first step") {
  const auto data = bars(32);
  auto model = convolutional_model();
  auto exact = exact_model();
  const auto before = digest(model);
  const Reducer of_double = [](StepGradient<double>&) {}, of_float = [](const StepGradient<float>&) {};
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.reduce = of_double}); }) ==
        "fit: expects a .reduce that takes StepGradient<float>&, as the model's numbers are, but it takes "
        "StepGradient<double>&");
  CHECK(refusal<OptionError>([&] { trainer.step(exact, part<Exact>(data, 0, 8), {.reduce = of_float}); }) ==
        "step: expects a .reduce that takes StepGradient<double>&, as the model's numbers are, but it takes "
        "StepGradient<float>&");
  CHECK(digest(model) == before);
  CHECK_NOTHROW(trainer.fit(exact, data, {.reduce = of_double}));
  CHECK_NOTHROW(trainer.fit(model, data, {.reduce = of_float}));
}

TEST_CASE("a reducer that assigns to the model, trains it or calls the same step again does no harm") {
  const auto data = bars(32);
  const auto batch = part<Tensor<float, 4>>(data, 0, 32);
  auto model = convolutional_model();
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
  const Reducer again = [&](StepGradient<float>&) { trainer.step(model, batch); };
  CHECK(refusal<OptionError>([&] { trainer.step(model, batch, {.reduce = again}); }) ==
        "step: was called while a step of this trainer is being made, by its reducer, loss, layer or optimizer; use another trainer "
        "there");
  const Reducer fits = [&](StepGradient<float>&) { trainer.fit(model, data); };
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.reduce = fits}); })
            .starts_with("fit: the model is being trained already"));
  CHECK(digest(model) == digest(convolutional_model()));

  // The parameters of the model that was assigned stand elsewhere: the step moves those.
  Seen seen;
  const Reducer assigns = [&](StepGradient<float>& gradient) {
    model = convolutional_model(8);
    seen(gradient);
  };
  const auto from = numbers(convolutional_model(8));
  trainer.step(model, batch, {.reduce = assigns});
  const auto to = numbers(model);
  double worst = 0;
  for (std::size_t i = 0; i < to.size(); ++i) worst = std::max(worst, std::abs(from[i] - 0.1 * seen.numbers[i] - to[i]));
  CHECK(worst < 1e-6);
}

TEST_CASE("a reducer's NaN is found before the update, without clipping, too") {
  auto model = convolutional_model();
  const auto before = digest(model);
  const Reducer spoil = [](StepGradient<float>& gradient) {
    gradient.tensors[0].values[1] = std::numeric_limits<float>::quiet_NaN();
  };
  const auto data = bars(20);
  try {
    Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}}.fit(model, data, {.reduce = spoil});
    FAIL("expected an error");
  } catch (const DivergenceError& error) {
    CHECK(std::string(error.what()).find("the gradient after .reduce stopped being finite") != std::string::npos);
  }
  CHECK(digest(model) == before);
}
