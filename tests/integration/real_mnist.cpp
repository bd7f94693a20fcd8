// Runs where there is MNIST: CTest gives LAMINA_DATA_DIR by tests/with-mnist.sh, or says that the test was skipped.
#include <cstdlib>
#include <iostream>

#include <lamina/lamina.hpp>

#include "../catch.hpp"
#include "../lenet.hpp"

using namespace lamina;

TEST_CASE("LeNet reads at least 97.5 % of MNIST's test set after one epoch of its training set") {
  const char* folder = std::getenv("LAMINA_DATA_DIR");
  if (folder == nullptr || *folder == '\0') {
    std::cout << "skipped: integration/real_mnist: LAMINA_DATA_DIR does not say where MNIST is\n";
    return;
  }
  const auto [train, test] = mnist(folder);
  CHECK(train.size() == 60000);
  CHECK(test.size() == 10000);
  Model model{lenet, train.sample_shape(), Rng{42}};
  const Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.05, .momentum = 0.9}};
  const History history = trainer.fit(model, train, {.batch_size = 64, .schedule = Cosine{}, .validation = &test});
  const Evaluation evaluation = evaluate(model, test);
  std::cout << "test accuracy " << evaluation.accuracy << ", " << history.epochs[0].images_per_second << " images/s\n";
  CHECK(evaluation.accuracy >= 0.975);
  CHECK(evaluation.accuracy == Approx(history.epochs[0].validation_accuracy.value()).epsilon(1e-9));
  for (Index digit = 0; digit < 10; ++digit) CHECK(evaluation.confusion.labelled(digit) > 800);
}
