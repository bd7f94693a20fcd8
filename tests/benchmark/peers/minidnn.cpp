// Trains a workload with MiniDNN: minidnn <workload> <batch size>, then as serve.hpp says.
//
// MiniDNN's convolutions have no padding: lenet's images have their border of zeros already.

#include <MiniDNN.h>

#include "serve.hpp"

using namespace MiniDNN;
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

/// Adds the workload's layers and returns the numbers of an image; 0 for an unknown workload.
int build(const std::string& workload, Network& net) {
  if (workload == "seed8") {
    net.add_layer(new Convolutional<ReLU>(28, 28, 1, 8, 3, 3));
    net.add_layer(new MaxPooling<Identity>(26, 26, 8, 2, 2));
    net.add_layer(new FullyConnected<Softmax>(1352, 10));
    return 784;
  }
  if (workload == "mnist-deep") {
    net.add_layer(new Convolutional<ReLU>(28, 28, 1, 32, 3, 3));
    net.add_layer(new MaxPooling<Identity>(26, 26, 32, 2, 2));
    net.add_layer(new Convolutional<ReLU>(13, 13, 32, 64, 3, 3));
    net.add_layer(new MaxPooling<Identity>(11, 11, 64, 2, 2));
    net.add_layer(new FullyConnected<ReLU>(1600, 128));
    net.add_layer(new FullyConnected<Softmax>(128, 10));
    return 784;
  }
  if (workload == "lenet") {
    net.add_layer(new Convolutional<ReLU>(32, 32, 1, 6, 5, 5));
    net.add_layer(new MaxPooling<Identity>(28, 28, 6, 2, 2));
    net.add_layer(new Convolutional<ReLU>(14, 14, 6, 16, 5, 5));
    net.add_layer(new MaxPooling<Identity>(10, 10, 16, 2, 2));
    net.add_layer(new FullyConnected<ReLU>(400, 120));
    net.add_layer(new FullyConnected<ReLU>(120, 84));
    net.add_layer(new FullyConnected<Softmax>(84, 10));
    return 1024;
  }
  if (workload == "mlp") {
    net.add_layer(new FullyConnected<Sigmoid>(784, 30));
    net.add_layer(new FullyConnected<Softmax>(30, 10));
    return 784;
  }
  return 0;
}

int main(int count, char** words) {
  if (count != 3) return peers::refuse("minidnn: expects a workload and a batch size");
  Network net;
  const int size = build(words[1], net), batch_size = std::stoi(words[2]), images = peers::batches * batch_size;
  if (size == 0) return peers::refuse("minidnn: has no network '" + std::string(words[1]) + "'");
  net.set_output(new MultiClassEntropy());
  net.init(0, Scalar(0.01), 1);

  const Matrix x = Matrix::Random(size, images);
  Matrix y = Matrix::Zero(10, images);
  for (int n = 0; n < images; ++n) y(n % 10, n) = 1;
  SGD optimizer(Scalar(1e-3));
  const auto steps = [&] {
    net.fit(optimizer, x, y, batch_size, 1);
    return peers::batches;
  };
  return peers::serve(sizeof(Scalar) == sizeof(float) ? "float" : "double", [&](double seconds) { return peers::training_rate(steps, seconds); });
}
