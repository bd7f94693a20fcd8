// Trains a workload with tiny-dnn: tiny_dnn <workload> <batch size>, then as serve.hpp says.

#include <tiny_dnn/tiny_dnn.h>

#include "serve.hpp"

using namespace tiny_dnn;
using namespace tiny_dnn::layers;
using namespace tiny_dnn::activation;

/// Adds the workload's layers. Returns whether it knows the workload.
bool build(const std::string& workload, network<sequential>& net) {
  const auto backend = core::default_engine();
  if (workload == "seed8") {
    net << conv(28, 28, 3, 1, 8, padding::valid, true, 1, 1, 1, 1, backend) << relu() << max_pool(26, 26, 8, 2)
        << fc(1352, 10, true, backend) << softmax();
  } else if (workload == "mnist-deep") {
    net << conv(28, 28, 3, 1, 32, padding::valid, true, 1, 1, 1, 1, backend) << relu() << max_pool(26, 26, 32, 2)
        << conv(13, 13, 3, 32, 64, padding::valid, true, 1, 1, 1, 1, backend) << relu() << max_pool(11, 11, 64, 2)
        << fc(1600, 128, true, backend) << relu() << fc(128, 10, true, backend) << softmax();
  } else if (workload == "lenet") {
    net << conv(28, 28, 5, 1, 6, padding::same, true, 1, 1, 1, 1, backend) << relu() << max_pool(28, 28, 6, 2)
        << conv(14, 14, 5, 6, 16, padding::valid, true, 1, 1, 1, 1, backend) << relu() << max_pool(10, 10, 16, 2)
        << fc(400, 120, true, backend) << relu() << fc(120, 84, true, backend) << relu()
        << fc(84, 10, true, backend) << softmax();
  } else if (workload == "mlp") {
    net << fc(784, 30, true, backend) << sigmoid() << fc(30, 10, true, backend) << softmax();
  } else {
    return false;
  }
  return true;
}

int main(int count, char** words) {
  if (count != 3) return peers::refuse("tiny_dnn: expects a workload and a batch size");
  network<sequential> net;
  if (!build(words[1], net)) return peers::refuse("tiny_dnn: has no network '" + std::string(words[1]) + "'");
  const auto batch_size = static_cast<size_t>(std::stoi(words[2])), images = peers::batches * batch_size;

  std::vector<vec_t> x(images, vec_t(784));
  std::vector<label_t> y(images);
  for (auto& image : x) uniform_rand(image.begin(), image.end(), float_t(0), float_t(1));
  for (size_t n = 0; n < images; ++n) y[n] = static_cast<label_t>(n % 10);
  gradient_descent optimizer;
  optimizer.alpha = float_t(1e-3);
  const auto steps = [&] {
    net.train<cross_entropy_multiclass>(optimizer, x, y, batch_size, 1);
    return peers::batches;
  };
  return peers::serve(sizeof(float_t) == sizeof(float) ? "float" : "double", [&](double seconds) { return peers::training_rate(steps, seconds); });
}
