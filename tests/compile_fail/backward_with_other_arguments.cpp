// A backward pass that forgets the output, y.
// first: a layer.s `backward` cannot be called as backward.p, x, y, dy, ws, dx, dp.
#include <lamina/lamina.hpp>

#include "own_layers.hpp"

using namespace lamina;

struct Mine : Whole {
#ifndef CONTROL
  template <typename T>
  void backward(const None&, const Tensor<T, 2>&, const Tensor<T, 2>& dy, None&, Tensor<T, 2>* dx, None&) const {
    if (dx) *dx = dy;
  }
#endif
};

int main() {
  Model model{Sequential{Flatten{}, Mine{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
}
