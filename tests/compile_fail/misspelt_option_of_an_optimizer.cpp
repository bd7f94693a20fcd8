// A hyper-parameter that an optimizer has not.
// first: lr
#include <lamina/optimizers/sgd.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr SGD sgd{.learning_rate = 0.1};
#else
  constexpr SGD sgd{.lr = 0.1};
#endif
  return sgd.momentum == 0 ? 0 : 1;
}
