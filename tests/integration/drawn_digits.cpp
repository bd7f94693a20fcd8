#include <filesystem>

#include <lamina/digits.hpp>
#include <lamina/lamina.hpp>

#include "../catch.hpp"
#include "../lenet.hpp"

using namespace lamina;

namespace {

Dataset<3> drawn(Index count, std::uint64_t seed) {
  auto [images, labels] = draw_digits(count, Rng{seed});
  return Dataset<3>(std::move(images), std::move(labels), {.classes = 10});
}

}  // namespace

TEST_CASE("LeNet learns drawn digits, is saved, and what is loaded predicts with the same bits") {
  const auto train = drawn(3000, 1), test = drawn(1000, 2);
  Model model{lenet, train.sample_shape(), Rng{42}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  const History history = trainer.fit(
      model, train, {.epochs = 3, .batch_size = 32, .threads = 2, .schedule = Cosine{}, .validation = &test});
  CHECK(history.epochs.back().validation_accuracy.value() > 0.85);
  CHECK(history.epochs.back().loss < history.epochs.front().loss);

  const auto path = std::filesystem::temp_directory_path() / "lamina-test-drawn-digits.safetensors";
  save(model, path);
  Model loaded{lenet, train.sample_shape(), Rng{7}};
  load(loaded, path);
  std::filesystem::remove(path);
  Batch<Tensor<float, 4>> batch;
  for (Index n = 0; n < 100; ++n) {
    gather(test, std::vector<Index>{n}, batch);
    const auto expected = model(batch.x), z = loaded(batch.x);
    REQUIRE(std::equal(z.data(), z.data() + 10, expected.data()));
  }
  CHECK(predict_classes(loaded, test) == predict_classes(model, test));
}
