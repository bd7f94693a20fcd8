// Memory runs out at one allocation after another. allocations.cpp has the operators.

#include <new>
#include <vector>

#include <lamina/layers/dropout.hpp>
#include <lamina/models/network.hpp>
#include <lamina/optimizers/adam.hpp>

#include "../catch.hpp"
#include "allocating.hpp"
#include "small.hpp"

using namespace small;

namespace {

enum class End { done, out_of_memory, swallowed };

/// Does something whose n-th allocation, counted from 0, fails.
template <typename Action>
End with_failure(std::ptrdiff_t n, Action&& action) {
  allocating::until_fail = n;
  End end = End::done;
  try {
    action();
  } catch (const std::bad_alloc&) {
    end = End::out_of_memory;
  }
  const bool failed = allocating::until_fail.exchange(-1) < 0;
  return failed && end == End::done ? End::swallowed : end;
}

struct Outcome {
  std::ptrdiff_t failures = 0, leaks = 0;
  bool swallowed = false, half_a_step = false, unusable = false;
};

/// Lets action(model) run out of memory at each of its allocations, a fresh copy of the model each time, and looks at what is
/// left: no memory, parameters as they were after some whole step, a model that predicts and trains as ever.
template <typename M, typename Action, typename Usable>
Outcome run_out(const M& model, const std::vector<std::uint64_t>& after_steps, Action&& action, Usable&& usable) {
  Outcome outcome;
  for (End end = End::out_of_memory; end != End::done; ++outcome.failures) {
    M copy = model;
    const std::ptrdiff_t before = allocating::held;
    end = with_failure(outcome.failures, [&] { action(copy); });
    if (end == End::swallowed) outcome.swallowed = true;
    outcome.leaks += allocating::held - before;
    const std::uint64_t now = digest(copy);
    bool whole = false;
    for (const std::uint64_t step : after_steps) whole = whole || step == now;
    outcome.half_a_step = outcome.half_a_step || !whole;
    if (!usable(copy)) outcome.unusable = true;
    if (outcome.swallowed) break;
  }
  --outcome.failures;  // the last time nothing failed
  return outcome;
}

void check(const Outcome& outcome, std::ptrdiff_t least) {
  CHECK(outcome.failures >= least);
  CHECK(outcome.leaks == 0);
  CHECK_FALSE(outcome.swallowed);
  CHECK_FALSE(outcome.half_a_step);
  CHECK_FALSE(outcome.unusable);
}

/// The parameters before the first step, after each one of an epoch, and at the end.
template <typename M, typename T, int Rank>
std::vector<std::uint64_t> steps_of(M model, const T& trainer, const Dataset<Rank>& data, FitOptions<Rank> options) {
  std::vector<std::uint64_t> after{digest(model)};
  options.on_batch = [&](BatchEnd&) { after.push_back(digest(model)); };
  trainer.fit(model, data, options);
  after.push_back(digest(model));
  return after;
}

template <typename M, int Rank>
bool still_good(const M& model, const Dataset<Rank>& data) {
  std::vector<Index> few{0, 1, 2};
  Batch<Tensor<float, Rank + 1>> batch;
  gather(data, few, batch);
  const auto y = model(batch.x);
  for (Index i = 0; i < y.size(); ++i)
    if (!std::isfinite(y.data()[i])) return false;
  M again = model;
  const auto history =
      Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.01}}.fit(again, data, {.batch_size = 8, .threads = 1});
  return std::isfinite(history.epochs.back().loss) && digest(again) != digest(model);
}

}  // namespace

TEST_CASE(
    "when memory runs out in fit, at any allocation, nothing leaks or hangs, and the model is as after a whole step") {
  const auto data = bars(20), others = bars(9);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  for (const Index threads : {1, 2, 3}) {
    CAPTURE(threads);
    const auto model = convolutional_model();
    const FitOptions<3> options{.batch_size = 16, .threads = threads, .shards = 3};
    check(run_out(model, steps_of(model, trainer, data, options), [&](auto& own) { trainer.fit(own, data, options); },
                  [&](const auto& own) { return still_good(own, data); }),
          30);
  }
}

TEST_CASE(
    "when memory runs out in a fit that does all that it can, nothing leaks or hangs, and the model is as after a "
    "whole step") {
  const auto data = bars(20), others = bars(9);
  const Trainer trainer{SoftmaxCrossEntropy{.label_smoothing = 0.1},
                        AdamW{.learning_rate = 0.01},
                        {{.parameters = {"0"}, .rate = 0.5, .weight_decay = 0}}};
  const Network layers{Conv{.filters = 3, .kernel = 3}, ReLU{}, MaxPool{}, Flatten{}, Dropout{.rate = 0.5},
                       Dense{.units = classes}};
  const Model model{layers, image, Rng{7}};
  FitOptions<3> options{.batch_size = 16,
                        .threads = 2,
                        .schedule = Cosine{},
                        .validation = &others,
                        .early_stopping = EarlyStopping{.patience = 2, .restore_best = true},
                        .on_plateau = ReduceOnPlateau{},
                        .reduce = [](auto&) {},
                        .clip = {.norm = 1},
                        .average = EMA{.decay = 0.9}};
  check(run_out(model, steps_of(model, trainer, data, options), [&](auto& own) { trainer.fit(own, data, options); },
                [&](const auto& own) { return still_good(own, data); }),
        30);
}

TEST_CASE("when memory runs out in a step of one's own, the model is as before it, and the same trainer can go on") {
  const auto data = bars(16);
  std::vector<Index> all(16);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Index>(i);
  Batch<Tensor<float, 4>> batch;
  gather(data, all, batch);
  const auto model = convolutional_model();
  auto stepped = model;
  Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}}.step(stepped, batch);
  const std::uint64_t before = digest(model), after = digest(stepped);
  REQUIRE(before != after);

  bool untouched = true, same = true;
  std::ptrdiff_t n = 0;
  for (End end = End::out_of_memory; end == End::out_of_memory; ++n) {
    Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
    auto own = model;
    end = with_failure(n, [&] { trainer.step(own, batch); });
    if (end == End::done) break;
    untouched = untouched && end == End::out_of_memory && digest(own) == before;
    trainer.step(own, batch);
    same = same && digest(own) == after;
  }
  CHECK(n >= 20);
  CHECK(untouched);
  CHECK(same);
}
