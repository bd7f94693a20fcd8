// A program whose output shows every bit of what it computes: the tests compile it from headers alone and with
// lamina::compiled.
#include <cstdio>
#include <lamina/augment.hpp>
#include <lamina/digits.hpp>
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
  auto [images, labels] = draw_digits(300, Rng{1});
  const auto [train, test] = split(Dataset{images, labels}, Fractions{0.8, 0.2}, Rng{2});
  Model model{Sequential{Conv{.filters = 8}, ReLU{}, MaxPool{.window = 2}, Flatten{}, Dropout{.rate = 0.1}, Dense{.units = 10}},
              train.sample_shape(), Rng{3}};
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1, .momentum = 0.9}};
  const History history =
      trainer.fit(model, train, {.epochs = 2, .batch_size = 16, .schedule = Cosine{}, .validation = &test,
                                 .augment = {Rotation{.degrees = 10}, Translation{.x = 2, .y = 2}}});
  for (const EpochRecord& epoch : history.epochs) std::printf("%a %a\n", epoch.loss, *epoch.validation_loss);
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const std::byte byte : save_bytes(model))
    hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 1099511628211u;
  std::printf("%016llx %a\n", static_cast<unsigned long long>(hash), evaluate(model, test).accuracy);
  try {
    Model wrong{Dense{.units = 0}, Shape{4}, Rng{1}};
  } catch (const ShapeError& error) {
    std::printf("%s\n", error.what());
  }
}
