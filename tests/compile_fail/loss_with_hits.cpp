// A loss with a name of earlier versions.
// first: a loss.s `hits` is called `correct` now
#include <lamina/lamina.hpp>

#include "own_losses.hpp"

using namespace lamina;

struct Mine : Uncounted {
#ifdef CONTROL
  template <typename T>
  double correct(const Tensor<T, 2>&, const std::type_identity_t<TargetView<T>>&) const {
    return 0;
  }
#else
  template <typename T>
  double hits(const Tensor<T, 2>&, const std::type_identity_t<TargetView<T>>&) const {
    return 0;
  }
#endif
};

Dataset<3> load();

int main() {
  const Dataset<3> train = load(), test = load();
  Model model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
  Trainer trainer{Mine{}, SGD{}};
  trainer.fit(model, train, {.epochs = 2, .validation = test});
}
