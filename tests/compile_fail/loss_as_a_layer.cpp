// A loss at the end of a network; it belongs to the Trainer.
// first: this is no layer
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  Model model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
#else
  Model model{Sequential{Flatten{}, Dense{.units = 10}, SoftmaxCrossEntropy{}}, Shape{28, 28, 1}, Rng{1}};
#endif
}
