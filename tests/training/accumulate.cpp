#include <lamina/layers/dropout.hpp>

#include <limits>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

using Exact = Tensor<double, 4>;

const Sequential with_dropout{Conv{.filters = 4, .kernel = 3},  ReLU{}, MaxPool{.window = 2}, Flatten{},
                              Dropout{.rate = 0.3}, Dense{.units = 9}, Tanh{}, Dropout{.rate = 0.2}, Dense{.units = classes}};

/// All parameters after two epochs over 90 samples, and how many steps there were.
template <typename F>
std::pair<std::vector<double>, Index> trained(const F& loss, Index batch_size, Index accumulate, Index threads,
                                              GradientClipping clip = {}) {
  BasicModel<scalar_t<Exact>> model{with_dropout, image, Rng{7}};
  Index steps = 0;
  FitOptions<3> options{.epochs = 2, .batch_size = batch_size, .accumulate = accumulate, .seed = 3, .threads = threads,
                        .clip = clip};
  options.on_batch = [&](BatchEnd& end) {
    ++steps;
    CHECK(end.batches == (90 - 1) / std::min<Index>(batch_size * accumulate, 90) + 1);
  };
  Trainer{loss, SGD{.learning_rate = 0.05, .momentum = 0.9}}.fit(model, bars(90), options);
  return {numbers(model), steps};
}

}  // namespace

TEST_CASE("accumulated batches make the steps of batches as many times as large, Dropout and weighted losses included") {
  for (const SoftmaxCrossEntropy& loss :
       {SoftmaxCrossEntropy{}, SoftmaxCrossEntropy{.label_smoothing = 0.1, .class_weights = {1, 0.25, 3}}})
    for (const auto& [batch_size, accumulate] :
         {std::pair<Index, Index>{10, 4}, {8, 5}, {40, 1}, {1, 40}, {20, 2}, {9, 10}, {64, 1000}}) {
      CAPTURE(batch_size, accumulate);
      const Index whole = std::min<Index>(batch_size * accumulate, 90);
      const auto [expected, expected_steps] = trained(loss, whole, 1, 1);
      const auto [one, steps] = trained(loss, batch_size, accumulate, 1);
      CHECK(steps == expected_steps);
      CHECK(distance(one, expected) < 1e-12);
      CHECK(trained(loss, batch_size, accumulate, 3).first == one);  // the same bits
    }
}

TEST_CASE("the gradient of all accumulated batches is clipped, not that of each") {
  const GradientClipping clip{.norm = 0.05};
  const auto expected = trained(SoftmaxCrossEntropy{}, 40, 1, 1, clip).first;
  CHECK(distance(trained(SoftmaxCrossEntropy{}, 10, 4, 2, clip).first, expected) < 1e-12);
  CHECK(distance(trained(SoftmaxCrossEntropy{}, 40, 1, 1).first, expected) > 1e-3);
}

TEST_CASE("what is accumulated is at least one batch, and at most the set, however large the numbers") {
  auto model = convolutional_model(), expected = model;
  const auto data = bars(20);
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
  for (const Index accumulate : {0, -3})
    CHECK(refusal<OptionError>([&] { trainer.fit(model, data, {.accumulate = accumulate}); }) ==
          str_cat("fit: expects accumulate of at least 1 but got ", accumulate));
  CHECK(digest(model) == digest(expected));
  constexpr Index most = std::numeric_limits<Index>::max();
  Index steps = 0;
  trainer.fit(model, data, {.batch_size = most, .accumulate = most, .on_batch = [&](BatchEnd&) { ++steps; }});
  trainer.fit(expected, data, {.batch_size = 20});
  CHECK(steps == 1);
  CHECK(digest(model) == digest(expected));
}

TEST_CASE("no more gradients are kept than for one of the batches") {
  const FitOptions<3> options{.batch_size = 10, .accumulate = 4}, large{.batch_size = 64};
  const detail::FitPlan plan = detail::plan_of(options, 90);
  CHECK(plan.whole_step() == 40);
  CHECK(plan.shards_of(40) == detail::default_shards(10));
  CHECK(plan.shards_of(7) == detail::default_shards(7));
  CHECK(detail::plan_of(large, 90).shards_of(64) == 4);
}
