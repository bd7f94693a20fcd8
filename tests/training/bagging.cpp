#include <lamina/training/bagging.hpp>

#include <set>

#include "../catch.hpp"
#include "../tensors.hpp"
#include "kept.hpp"

using namespace small;

namespace {

const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
Model make_model(Rng rng) { return {convolutional, image, rng}; }

}  // namespace

TEST_CASE("a bootstrap sample holds about 63 of a hundred samples, some of them twice") {
  const auto sample = bootstrap_sample(10000, Rng{1});
  CHECK(sample.size() == 10000);
  CHECK(*std::min_element(sample.begin(), sample.end()) >= 0);
  CHECK(*std::max_element(sample.begin(), sample.end()) < 10000);
  const double share = static_cast<double>(std::set<Index>(sample.begin(), sample.end()).size()) / 10000;
  CHECK(std::abs(share - (1 - std::exp(-1.0))) < 0.015);  // three deviations
  CHECK(sample != bootstrap_sample(10000, Rng{2}));
  CHECK(bootstrap_sample(0, Rng{1}).empty());
}

TEST_CASE("bagging trains each member on its own bootstrap sample, whatever the threads") {
  const auto data = bars(60);
  const BaggingOptions<3> options{.models = 3, .seed = 5, .threads = 1, .fit = {.epochs = 5, .batch_size = 16}};
  const auto ensemble = bagging(make_model, trainer, data, options);
  REQUIRE(ensemble.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const Rng own = Rng{5}.split(i);
    auto model = make_model(own.split(0));
    trainer.fit(model, data.subset(bootstrap_sample(60, own.split(2))),
                {.epochs = 5, .batch_size = 16, .seed = own.split(1)()});
    CHECK(digest(ensemble[i]) == digest(model));
  }
  for (const Index threads : {2, 5}) {
    auto other = options;
    other.threads = threads;
    const auto again = bagging(make_model, trainer, data, other);
    for (std::size_t i = 0; i < 3; ++i) CHECK(digest(again[i]) == digest(ensemble[i]));
  }
  CHECK(evaluate(ensemble, bars(200, 9)).accuracy > 0.6);  // a third by chance
}

TEST_CASE("without resampling all members learn from the whole set, and still differ") {
  const auto data = bars(40);
  const auto ensemble = bagging(make_model, trainer, data, {.models = 2, .seed = 5, .threads = 1, .resample = false});
  auto model = make_model(Rng{5}.split(0).split(0));
  trainer.fit(model, data, {.seed = Rng{5}.split(0).split(1)()});
  CHECK(digest(ensemble[0]) == digest(model));
  CHECK(digest(ensemble[1]) != digest(model));
}

TEST_CASE("bagging refuses what cannot be, and passes on what training refuses") {
  const auto refused = [&](BaggingOptions<3> options) {
    return refusal<OptionError>([&] { bagging(make_model, trainer, bars(20), options); });
  };
  CHECK(refused({.models = 0}) == "bagging: expects models of at least 1 but got 0");
  CHECK(refused({.threads = 0}) == "bagging: expects threads of at least 1 but got 0");
  CHECK(refused({.fit = {.batch_size = 0}}) == "fit: expects batch_size of at least 1 but got 0");
  CheckpointBytes kept;
  CHECK(refused({.fit = {.checkpoint = kept}}) ==
        "bagging: trains several models, which cannot all be kept in one folder; leave .checkpoint out");
  CHECK(kept.times == 0);
}
