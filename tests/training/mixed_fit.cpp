#include <lamina/data/geometric_transforms.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

constexpr SGD with_momentum{.learning_rate = 0.05, .momentum = 0.9};
const Mixing both{MixUp{.alpha = 0.4}, CutMix{}};

std::uint64_t digest_after(const Mixing& mix, Index threads, const Augmentation& augment = {}) {
  auto model = convolutional_model();
  Trainer{SoftmaxCrossEntropy{}, with_momentum}.fit(
      model, bars(90), {.epochs = 2, .batch_size = 32, .seed = 4, .threads = threads, .augment = augment, .mix = mix});
  return digest(model);
}

}  // namespace

TEST_CASE("a mixed fit gives the same bits for any number of threads, and differs from one without") {
  const auto one = digest_after(both, 1, HorizontalFlip{});
  for (const Index threads : {2, 3, 4}) CHECK(digest_after(both, threads, HorizontalFlip{}) == one);
  CHECK(digest_after(both, 1) != one);
  CHECK(digest_after({}, 1) != digest_after(both, 1));
}

TEST_CASE("a loop over mixed batches takes the same steps as fit") {
  const auto data = bars(70);
  auto model = convolutional_model(), looped = model;
  Trainer trainer{SoftmaxCrossEntropy{}, with_momentum};
  trainer.fit(model, data, {.epochs = 3, .batch_size = 20, .seed = 6, .threads = 2, .mix = both});
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch)
    for (const auto& batch : batches(data, {.batch_size = 20, .shuffle = Rng{6}.split(epoch), .mix = both}))
      trainer.step(looped, batch);
  CHECK(digest(looped) == digest(model));
}

TEST_CASE("a network learns from mixed bars, and the validation set is never mixed") {
  const auto data = bars(120), others = bars(200, 55);
  auto model = convolutional_model();
  const History history = Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.03, .momentum = 0.9}}.fit(
      model, data, {.epochs = 60, .batch_size = 16, .schedule = Cosine{}, .validation = &others, .mix = MixUp{}});
  CHECK(history.epochs.back().validation_accuracy.value() > 0.95);
  CHECK(history.epochs.back().validation_loss.value() ==
        evaluate(model, others, SoftmaxCrossEntropy{}).mean_loss.value());
}

TEST_CASE("fit refuses mixings that do not fit, the model untouched") {
  auto rows = perceptron_model();
  const auto before = digest(rows);
  CHECK(
      refusal<OptionError>([&] {
        Trainer{MeanSquaredError{}, with_momentum}.fit(rows, curve(10), {.mix = CutMix{}});
      }) ==
      "fit: .mix with CutMix is for images (H, W, C), but the data set's samples have rank 1; MixUp mixes any samples");
  CHECK(digest(rows) == before);
  Model one{Sequential{Dense{.units = 1}}, Shape{2}, Rng{1}};
  const Dataset two{std::vector<float>(8), Shape{2}, std::vector<std::int32_t>{0, 1, 0, 1}};
  CHECK(refusal<OptionError>([&] {
          Trainer{SigmoidCrossEntropy{}, with_momentum}.fit(one, two, {.mix = MixUp{}});
        }) ==
        "fit: .mix turns class numbers into rows of 2 but the network has 1 output; give the last layer 2 units and "
        "train it "
        "with SoftmaxCrossEntropy");
}
