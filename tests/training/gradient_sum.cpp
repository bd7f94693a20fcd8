#include <lamina/training/gradient_sum.hpp>

#include <lamina/core/thread_pool.hpp>

#include "../catch.hpp"
#include "small.hpp"
#include <lamina/optimizers/adam.hpp>

using namespace small;

namespace {

/// Two tensors of these sizes, three shards each.
struct Shards {
  std::vector<Index> sizes;
  std::vector<std::vector<double>> numbers;
  std::vector<double*> places;

  explicit Shards(std::vector<Index> of) : sizes(std::move(of)) {
    Rng rng{1};
    for (const Index size : sizes)
      for (int shard = 0; shard < 3; ++shard) {
        auto& some = numbers.emplace_back(static_cast<std::size_t>(size));
        for (double& number : some) number = rng.normal();
      }
    for (auto& some : numbers) places.push_back(some.data());
  }

  double sum(Index workers, double scale, std::optional<double> value) {
    detail::GradientSum<double> total;
    total.begin(places, sizes, 3, 3);
    ThreadPool thread_pool(workers);
    thread_pool.run([&](Index worker) { total.add(worker, workers, scale, value); });
    return total.norm();
  }
};

}  // namespace

TEST_CASE(
    "the sum of shards is scaled, then cut, and its norm is over all tensors, of the same bits for any number of "
    "workers") {
  const Shards before({10007, 13});
  Shards one = before;
  one = Shards({10007, 13});
  const double norm = one.sum(1, 0.5, 1.25);
  long double squares = 0;
  for (std::size_t tensor = 0; tensor < 2; ++tensor)
    for (std::size_t i = 0; i < before.numbers[3 * tensor].size(); ++i) {
      const double sum =
          (before.numbers[3 * tensor][i] + before.numbers[3 * tensor + 1][i] + before.numbers[3 * tensor + 2][i]) * 0.5;
      const double cut = std::min(std::max(sum, -1.25), 1.25);
      REQUIRE(one.numbers[3 * tensor][i] == cut);
      squares += static_cast<long double>(cut) * cut;
    }
  CHECK(norm == Approx(static_cast<double>(std::sqrt(squares))).epsilon(1e-14));
  for (const Index workers : {2, 3, 5}) {
    Shards more({10007, 13});
    CHECK(more.sum(workers, 0.5, 1.25) == norm);
    CHECK(more.numbers[0] == one.numbers[0]);
    CHECK(more.numbers[3] == one.numbers[3]);
  }
}

TEST_CASE("a gradient that is not finite is not cut to something finite") {
  Shards shards({5});
  shards.numbers[1][2] = std::nan("");
  CHECK(std::isnan(shards.sum(1, 1, 0.5)));
  CHECK(std::isnan(shards.numbers[0][2]));
}

TEST_CASE("clipping gives the same bits for any number of threads, with SGD and with Adam") {
  const auto data = bars(100);
  const auto check = [&](const auto& optimizer, const GradientClipping& clip) {
    const Trainer trainer{SoftmaxCrossEntropy{}, optimizer};
    auto expected = convolutional_model(), unclipped = expected;
    trainer.fit(expected, data, {.epochs = 2, .batch_size = 40, .threads = 1, .clip = clip});
    trainer.fit(unclipped, data, {.epochs = 2, .batch_size = 40, .threads = 1});
    CHECK((digest(expected) == digest(unclipped)) == !clip.any());
    for (const Index threads : {2, 3}) {
      auto model = convolutional_model();
      trainer.fit(model, data, {.epochs = 2, .batch_size = 40, .threads = threads, .clip = clip});
      CHECK(digest(model) == digest(expected));
    }
  };
  for (const GradientClipping& clip :
       {GradientClipping{}, {.norm = 0.1}, {.value = 0.001}, {.norm = 0.1, .value = 0.01}}) {
    check(SGD{.learning_rate = 0.05, .momentum = 0.9}, clip);
    check(Adam{.learning_rate = 0.01}, clip);
    check(AdamW{.learning_rate = 0.01}, clip);
  }
}

TEST_CASE("a clip wider than any gradient changes rounding at most") {
  const auto data = bars(60);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  auto wide = convolutional_model(), none = wide;
  trainer.fit(wide, data, {.epochs = 2, .batch_size = 20, .clip = {.norm = 1e6, .value = 1e6}});
  trainer.fit(none, data, {.epochs = 2, .batch_size = 20});
  CHECK(digest(wide) == digest(none));
}

TEST_CASE("Adam counts its steps from where fit or step begins with it, not from the model's") {
  const auto data = bars(64);
  auto fresh = convolutional_model(), trained = fresh;
  const auto weights = trained.parameters();
  const Trainer trainer{SoftmaxCrossEntropy{}, Adam{.learning_rate = 0.01}};
  trainer.fit(trained, data, {.epochs = 3, .batch_size = 16});
  trained.parameters() = weights;
  trainer.fit(trained, data, {.epochs = 1, .batch_size = 16});
  trainer.fit(fresh, data, {.epochs = 1, .batch_size = 16});
  CHECK(digest(trained) == digest(fresh));

  auto stepped = convolutional_model(), once = stepped;
  Trainer loop = trainer;
  for (const auto& batch : batches(data, {.batch_size = 16, .shuffle = Rng{0}.split(0)})) loop.step(stepped, batch);
  CHECK(digest(stepped) == digest(fresh));  // which is four steps
  for (const auto& batch : batches(data, {.batch_size = 16, .shuffle = Rng{0}.split(0)}))
    Trainer{trainer}.step(once, batch);
  CHECK(digest(once) != digest(fresh));     // which are four first steps
}

TEST_CASE("Adam learns the bars, and so does AdamW") {
  const auto data = bars(120), others = bars(200, 55);
  const auto accuracy = [&](const auto& optimizer) {
    auto model = convolutional_model();
    return Trainer{SoftmaxCrossEntropy{}, optimizer}
        .fit(model, data, {.epochs = 60, .batch_size = 16, .schedule = Cosine{}, .validation = &others})
        .epochs.back()
        .validation_accuracy.value();
  };
  CHECK(accuracy(Adam{.learning_rate = 0.01}) > 0.95);
  CHECK(accuracy(AdamW{.learning_rate = 0.01}) > 0.95);
}

TEST_CASE("clips that cannot be are refused, the model untouched") {
  auto model = convolutional_model();
  const auto before = digest(model);
  const auto data = bars(10);
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.clip = {.norm = 0}}); }) ==
        "fit: expects a finite .clip.norm above 0 but got 0");
  CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.clip = {.value = -1}}); }) ==
        "fit: expects a finite .clip.value above 0 but got -1");
  for (const auto& batch : batches(data, {.batch_size = 10}))
    CHECK(refusal<OptionError>([&] { trainer.step(model, batch, {.clip = {.norm = INFINITY}}); }) ==
          "step: expects a finite .clip.norm above 0 but got inf");
  CHECK(digest(model) == before);
}
