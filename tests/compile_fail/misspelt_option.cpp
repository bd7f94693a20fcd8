// An option of fit that there is none of.
// first: FitOptions<3>|no matching member function for call to 'fit'
// expect: {.epoch = 3}
#include <lamina/lamina.hpp>

using namespace lamina;

Dataset<3> load();

int main() {
  const Dataset<3> train = load(), test = load();
  Model model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
#ifdef CONTROL
  trainer.fit(model, train, {.epochs = 3});
#else
  trainer.fit(model, train, {.epoch = 3});
#endif
}
