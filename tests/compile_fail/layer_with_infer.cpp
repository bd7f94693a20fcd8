// A layer with a name of earlier versions.
// first: a layer.s `infer` is called `forward_inference` now
#include <lamina/lamina.hpp>

#include "own_layers.hpp"

using namespace lamina;

struct Mine : Whole {
#ifdef CONTROL
  template <typename T>
  void forward_inference(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    y = x;
  }
#else
  template <typename T>
  void infer(const None&, const Tensor<T, 2>& x, None&, Tensor<T, 2>& y) const {
    y = x;
  }
#endif
};

int main() {
  Model model{Mine{}, Shape{28}, Rng{1}};
}
