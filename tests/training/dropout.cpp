// What a layer that draws is told while it trains.

#include <lamina/layers/dropout.hpp>
#include <lamina/models/network.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

constexpr auto forgetful = Sequential{
    Conv{.filters = 5, .kernel = 3}, ReLU{}, MaxPool{.window = 2}, Dropout{.rate = 0.2},
    Flatten{}, Dense{.units = 20}, Tanh{}, Sequential{Dropout{}, Dense{.units = classes}},
};
using Forgetful = Model;

std::uint64_t trained(const Dataset<3>& data, const FitOptions<3>& options) {
  Forgetful model{forgetful, image, Rng{7}};
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}}.fit(model, data, options);
  return digest(model);
}

}  // namespace

TEST_CASE("with dropout, too, any number of threads gives the same bits, and the seed decides") {
  const auto data = bars(150);
  for (const Index batch_size : {7, 33, 150}) {
    const auto expected = trained(data, {.epochs = 2, .batch_size = batch_size, .seed = 3, .threads = 1});
    for (const Index threads : {2, 3})
      CHECK(trained(data, {.epochs = 2, .batch_size = batch_size, .seed = 3, .threads = threads}) == expected);
    CHECK(trained(data, {.epochs = 2, .batch_size = batch_size, .seed = 4, .threads = 1}) != expected);
  }
}

TEST_CASE("what is forgotten does not depend on the shards: in double they change rounding only") {
  using Exact = BasicModel<double>;
  const auto data = bars(100);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  Exact whole{forgetful, image, Rng{7}};
  trainer.fit(whole, data, {.epochs = 2, .batch_size = 50, .threads = 1, .shards = 1});  // of two micro-batches
  for (const Index shards : {2, 7, 50}) {
    Exact cut{forgetful, image, Rng{7}};
    trainer.fit(cut, data, {.epochs = 2, .batch_size = 50, .threads = 2, .shards = shards});
    CHECK(distance(numbers(cut), numbers(whole)) < 1e-12);
  }
}

TEST_CASE("every step forgets something else, in fit and in a loop of one's own") {
  const auto data = bars(32);
  const Trainer still{SoftmaxCrossEntropy{}, SGD{.learning_rate = 1e-30}};
  Forgetful model{forgetful, image, Rng{7}};
  std::vector<double> losses;
  still.fit(model, data,
            {.epochs = 3, .batch_size = 32, .on_batch = [&](BatchEnd& end) { losses.push_back(end.batch_loss); }});
  CHECK(std::abs(losses[0] - losses[1]) > 1e-4);
  CHECK(std::abs(losses[1] - losses[2]) > 1e-4);
  std::vector<double> looped;
  Trainer loop = still;
  for (int epoch = 0; epoch < 2; ++epoch)
    for (const auto& batch : batches(data, {.batch_size = 32})) looped.push_back(loop.step(model, batch).loss);
  CHECK(std::abs(looped[0] - looped[1]) > 1e-4);
  // The same step with the same seed forgets the same; with another seed it does not.
  Forgetful one{forgetful, image, Rng{7}}, two = one, three = one;
  for (const auto& batch : batches(data, {.batch_size = 32})) {
    const double loss = Trainer{still}.step(one, batch).loss;
    CHECK(Trainer{still}.step(two, batch).loss == loss);
    CHECK(Trainer{still}.step(three, batch, {.seed = 1}).loss != loss);
  }
}

TEST_CASE("a network with dropout learns, and judges without it") {
  const auto data = bars(200), others = bars(200, 55);
  Forgetful model{forgetful, image, Rng{7}};
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.03, .momentum = 0.9}}.fit(
      model, data, {.epochs = 40, .batch_size = 16, .schedule = Cosine{}, .validation = &others});
  CHECK(history.epochs.back().validation_accuracy.value() > 0.95);
  CHECK(evaluate(model, others).accuracy == Approx(history.epochs.back().validation_accuracy.value()).epsilon(1e-12));
}

TEST_CASE("a network listed at run time forgets what a Sequential of the same layers does") {
  const auto data = bars(60);
  constexpr auto fixed = Sequential{
      Conv{.filters = 4, .kernel = 3}, ReLU{}, Dropout{.rate = 0.3}, Flatten{}, Dense{.units = 9}, Tanh{}, Dropout{},
      Dense{.units = classes}};
  const Network listed{Conv{.filters = 4, .kernel = 3}, ReLU{}, Dropout{.rate = 0.3}, Flatten{}, Dense{.units = 9},
                       Tanh{}, Dropout{}, Dense{.units = classes}};
  Model first{fixed, image, Rng{7}};
  Model second{listed, image, Rng{7}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  trainer.fit(first, data, {.epochs = 2, .batch_size = 16});
  trainer.fit(second, data, {.epochs = 2, .batch_size = 16});
  CHECK(digest(first) == digest(second));
}
