#include <cstdlib>
#include <lamina/data/measure_normalisation.hpp>
#include <lamina/data/mnist.hpp>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("MNIST itself is 60,000 and 10,000 digits with the mean and deviation that everyone uses") {
  const char* directory = std::getenv("LAMINA_DATA_DIR");
  if (!directory) {
    WARN("skipped: MNIST's files: LAMINA_DATA_DIR does not say where they are");
    return;
  }
  const auto [train, test] = mnist(directory);
  CHECK(train.class_counts() == std::vector<Index>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(test.class_counts() == std::vector<Index>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  const Normalisation measured = measure_normalisation(train);
  CHECK(measured.mean[0] == Approx(0.1307).margin(5e-5));
  CHECK(measured.deviation[0] == Approx(0.3081).margin(5e-5));
}
