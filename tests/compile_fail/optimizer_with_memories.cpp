// An optimizer with a name of earlier versions.
// first: an optimizer.s `memories` is called `state_tensors` now
#include <lamina/lamina.hpp>

#include "own_optimizers.hpp"

using namespace lamina;

struct Mine : Stateless {
#ifdef CONTROL
  std::size_t state_tensors() const { return 0; }
#else
  std::size_t memories() const { return 0; }
#endif
};

Dataset<3> load();

int main() {
  const Dataset<3> train = load(), test = load();
  Model model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
  Trainer trainer{SoftmaxCrossEntropy{}, Mine{}};
  trainer.fit(model, train, {.epochs = 2, .validation = test});
}
