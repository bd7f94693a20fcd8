// A validation set that is gone before it is read.
// first: give it a name, const Dataset test = ..., and write .validation = test
#include <lamina/lamina.hpp>

using namespace lamina;

Dataset<3> load();

int main() {
  const Dataset<3> train = load(), test = load();
  Model model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
#ifdef CONTROL
  trainer.fit(model, train, {.validation = test});
  trainer.fit(model, train, {.validation = &test});
#else
  trainer.fit(model, train, {.validation = load()});
#endif
}
