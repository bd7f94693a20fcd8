#include <lamina/training/step_once.hpp>

#include <atomic>
#include <numeric>

#include <lamina/layers/dropout.hpp>
#include <lamina/optimizers/adam.hpp>

#include "../catch.hpp"

#if !defined(_WIN32)
#include "../forked.hpp"
#endif
#include "small.hpp"

using namespace small;

namespace {

std::atomic<int> threads_born{0};

struct Born {
  Born() { ++threads_born; }
};

/// SoftmaxCrossEntropy, which counts the threads that it is ever called on.
struct Watched {
  static constexpr std::string_view name = "Watched";
  static constexpr bool expects_logits = true;

  template <typename T>
  double operator()(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y, Index batch, Tensor<T, 2>& dz) const {
    static thread_local const Born born;
    static_cast<void>(born);
    return SoftmaxCrossEntropy{}(z, y, batch, dz);
  }
  template <typename T>
  double correct(const Tensor<T, 2>& z, const std::type_identity_t<TargetView<T>>& y) const {
    return SoftmaxCrossEntropy{}.correct(z, y);
  }
};

Batch<Tensor<float, 4>> first(const Dataset<3>& data, Index count) {
  std::vector<Index> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), Index{0});
  Batch<Tensor<float, 4>> batch;
  gather(data, numbers, batch);
  return batch;
}

const Sequential with_dropout{Conv{.filters = 4, .kernel = 3}, ReLU{}, MaxPool{.window = 2}, Flatten{},
                              Dropout{.rate = 0.3}, Dense{.units = 9}, Tanh{}, Dense{.units = classes}};

}  // namespace

TEST_CASE("a step has the same bits for any number of threads, whatever the batches' sizes") {
  const auto data = bars(90);
  Model expected{with_dropout, image, Rng{7}};
  const Model start = expected;
  const std::vector<Index> sizes{32, 64, 9, 90, 33, 1, 64};
  std::vector<double> losses;
  Trainer one{SoftmaxCrossEntropy{}, AdamW{}};
  for (const Index size : sizes)
    losses.push_back(one.step(expected, first(data, size), {.threads = 1, .clip = {.norm = 1}, .seed = 3}).loss);
  for (const Index threads : {0, 2, 3, 4}) {  // 0: not given
    CAPTURE(threads);
    Model model = start;
    Trainer trainer{SoftmaxCrossEntropy{}, AdamW{}};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      StepOptions options{.clip = {.norm = 1}, .seed = 3};
      if (threads > 0) options.threads = threads;
      CHECK(trainer.step(model, first(data, sizes[i]), options).loss == losses[i]);
    }
    CHECK(digest(model) == digest(expected));
  }
}

TEST_CASE("more shards than threads, fewer, and threads that change from step to step give the same bits") {
  const auto batch = first(bars(60), 60);
  for (const Index shards : {1, 3, 7}) {
    auto expected = convolutional_model(), model = expected;
    Trainer one{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}}, trainer = one;
    for (const Index threads : {4, 1, 2, 3, 5}) {
      one.step(expected, batch, {.threads = 1, .shards = shards});
      trainer.step(model, batch, {.threads = threads, .shards = shards});
      CHECK(digest(model) == digest(expected));
    }
    Trainer copy = trainer;
    one.step(expected, batch, {.threads = 1, .shards = shards});
    copy.step(model, batch, {.threads = 2, .shards = shards});
    CHECK(digest(model) == digest(expected));
  }
}

TEST_CASE("the threads of a trainer's steps are started once, and none for a batch of one shard") {
  const auto data = bars(64);
  auto model = convolutional_model();
  Trainer trainer{Watched{}, SGD{.learning_rate = 0.01}};
  const auto small_batch = first(data, 10), large = first(data, 64);
  threads_born = 0;
  for (int step = 0; step < 20; ++step) trainer.step(model, small_batch, {.threads = 4});
  CHECK(threads_born == 1);
  for (int step = 0; step < 50; ++step) {
    trainer.step(model, large, {.threads = 3});
    trainer.step(model, small_batch, {.threads = 3});
  }
  const int born = threads_born;
  CHECK(born <= 3);  // the caller's and two more
  for (int step = 0; step < 20; ++step) trainer.step(model, large, {.threads = 1});
  CHECK(threads_born == born);
}

TEST_CASE("a step of fewer than one thread is refused, the model untouched") {
  const auto batch = first(bars(16), 16);
  auto model = convolutional_model();
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
  for (const Index threads : {0, -2})
    CHECK(refusal<OptionError>([&] { trainer.step(model, batch, {.threads = threads}); }) ==
          str_cat("step: expects threads of at least 1 but got ", threads));
  CHECK(digest(model) == digest(convolutional_model()));
}

TEST_CASE("labels that are no class are refused in a step on several threads, and the next step is right") {
  const auto data = bars(64);
  auto batch = first(data, 64), wrong = batch;
  wrong.labels[60] = 3;
  auto model = convolutional_model(), expected = model;
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}}, other = trainer;
  for (int step = 0; step < 2; ++step) {
    trainer.step(model, batch, {.threads = 3});
    other.step(expected, batch, {.threads = 1});
    CHECK_THROWS_AS(trainer.step(model, wrong, {.threads = 3}), DataError);
  }
  CHECK(digest(model) == digest(expected));
}

#if !defined(_WIN32)

TEST_CASE("a trainer that has threads is told in a forked process that they are not there; a new one serves") {
  const auto data = bars(64);
  Model model{with_dropout, image, Rng{7}};
  Trainer trainer{SoftmaxCrossEntropy{}, AdamW{}};
  trainer.step(model, first(data, 64), {.threads = 2});
  const std::string told = forked([&]() -> std::string {
    const auto before = digest(model);
    const std::string text = refusal<OptionError>([&] { trainer.step(model, first(data, 64), {.threads = 2}); });
    if (digest(model) != before) return "the model was changed";
    Trainer{SoftmaxCrossEntropy{}, AdamW{}}.step(model, first(data, 64), {.threads = 1});
    return digest(model) == before ? "nothing was trained" : text;
  });
  CHECK(told.starts_with("ThreadPool: its 1 thread is in process " + std::to_string(getpid())));
  CHECK(told.ends_with("; make the Trainer, Predictor or ThreadPool after the fork"));
}

#endif
