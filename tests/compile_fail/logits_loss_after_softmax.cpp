// SoftmaxCrossEntropy takes logits: a network that ends in Softmax would apply it twice.
// expect: remove the Softmax{} or Sigmoid{} at the end of the network
#include <lamina/layers/dense.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/losses/cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/models/sequential.hpp>
#include <lamina/training/trainer.hpp>

using namespace lamina;

void train(const Dataset<1>& digits) {
  Model model{Sequential{Dense{.units = 10}, Softmax{}}, digits.sample_shape(), Rng{1}};
#ifdef CONTROL
  Trainer trainer{CrossEntropy{}, SGD{.learning_rate = 0.1}};
#else
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = 0.1}};
#endif
  trainer.fit(model, digits, {});
}
