// Runs where there is MNIST: CTest gives LAMINA_DATA_DIR by tests/with-mnist.sh, or says that the test was skipped.
#include <cstdlib>
#include <iostream>

#include <lamina/digits.hpp>
#include <lamina/lamina.hpp>

#include "../catch.hpp"
#include "../lenet.hpp"

using namespace lamina;

TEST_CASE("LeNet that has seen 20,000 drawn digits, and nothing else, reads at least 80 % of MNIST's test set") {
  const char* folder = std::getenv("LAMINA_DATA_DIR");
  if (folder == nullptr || *folder == '\0') {
    std::cout << "skipped: integration/real_mnist_drawn: LAMINA_DATA_DIR does not say where MNIST is\n";
    return;
  }
  auto [images, labels] = draw_digits(20'000, Rng{1});
  const Dataset drawn{std::move(images), std::move(labels), {.classes = 10}};
  Model model{lenet, drawn.sample_shape(), Rng{42}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  trainer.fit(model, drawn, {.epochs = 6, .batch_size = 64, .schedule = Cosine{}});
  const Evaluation evaluation = evaluate(model, mnist(folder).test);
  std::cout << "drawn digits -> MNIST test accuracy " << evaluation.accuracy << '\n';
  CHECK(evaluation.accuracy >= 0.8);
}
