#include <lamina/data/elastic_distortion.hpp>
#include <lamina/data/geometric_transforms.hpp>
#include <lamina/data/pixel_transforms.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

const Augmentation everything{
    HorizontalFlip{}, Rotation{},     Translation{.x = 1, .y = 1}, sometimes(0.5, ElasticDistortion{.strength = 5}),
    GaussianNoise{},          RandomErasing{}};
constexpr SGD with_momentum{.learning_rate = 0.05, .momentum = 0.9};

std::uint64_t digest_after(const Augmentation& augment, std::uint64_t seed, Index threads, Index epochs = 2) {
  auto model = convolutional_model();
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, bars(90), {.epochs = epochs, .batch_size = 32, .seed = seed, .threads = threads, .augment = augment});
  return digest(model);
}

}  // namespace

TEST_CASE("an augmented fit gives the same bits for any number of threads") {
  const auto one = digest_after(everything, 4, 1);
  for (const Index threads : {2, 3, 4}) CHECK(digest_after(everything, 4, threads) == one);
}

TEST_CASE("the seed, and whether one augments, makes a difference") {
  CHECK(digest_after(everything, 4, 1) != digest_after(everything, 5, 1));
  CHECK(digest_after(everything, 4, 1) != digest_after({}, 4, 1));
  CHECK(digest_after(Rotation{.degrees = {0, 0}}, 4, 1) == digest_after({}, 4, 1));
}

TEST_CASE("a loop over augmented batches takes the same steps as fit") {
  const auto data = bars(70);
  auto model = convolutional_model(), looped = model;
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  trainer.fit(model, data, {.epochs = 3, .batch_size = 20, .seed = 6, .threads = 2, .augment = everything});
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch)
    for (const auto& batch : batches(data, {.batch_size = 20, .shuffle = Rng{6}.split(epoch), .augment = everything}))
      trainer.step(looped, batch);
  CHECK(digest(looped) == digest(model));
}

TEST_CASE("a sample becomes something else in each epoch") {
  const auto data = bars(1);
  std::vector<double> losses;
  auto model = convolutional_model();
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(model, data,
                                                    {.epochs = 4,
                                                     .batch_size = 1,
                                                     .schedule = [](double) { return 0.0; },
                                                     .augment = everything,
                                                     .on_batch = [&](BatchEnd& end) { losses.push_back(end.loss); }});
  REQUIRE(losses.size() == 4);
  for (std::size_t i = 1; i < 4; ++i) CHECK(losses[i] != losses[i - 1]);
}

TEST_CASE("the validation set is never augmented") {
  const auto data = bars(40), judges = bars(50, 9);
  auto model = convolutional_model();
  const History history =
      Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(model, data, {.validation = &judges, .augment = everything});
  CHECK(history.epochs[0].validation_loss.value() == evaluate(model, judges, SoftmaxCrossEntropy{}).mean_loss.value());
}

TEST_CASE("bars that may be moved are still told apart") {
  const auto data = bars(120), others = bars(200, 55);
  auto model = convolutional_model();
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.03, .momentum = 0.9}}.fit(
      model, data,
      {.epochs = 60,
       .batch_size = 16,
       .schedule = Cosine{},
       .validation = &others,
       .augment = RandomCrop{.padding = 1}});
  CHECK(history.epochs.back().validation_accuracy.value() > 0.95);
}

TEST_CASE("fit refuses to augment rows, the model untouched") {
  auto model = perceptron_model();
  const auto before = digest(model);
  CHECK(refusal<OptionError>([&] {
          Trainer{MeanSquaredError{}, with_momentum}.fit(model, curve(10), {.augment = GaussianNoise{}});
        }) == "fit: .augment is for images (H, W, C), but the data set's samples have rank 1");
  CHECK(digest(model) == before);
}
