// A workspace that is no template on the input.
// first: a layer lacks `Workspace`: template
#include <lamina/lamina.hpp>

#include "own_layers.hpp"

using namespace lamina;

struct Mine : Whole {
#ifdef CONTROL
  template <AnyTensor>
#endif
  using Workspace = None;
};

int main() {
  Model model{Mine{}, Shape{28}, Rng{1}};
}
