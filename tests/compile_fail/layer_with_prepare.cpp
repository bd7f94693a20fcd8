// A layer with a name of earlier versions.
// first: a layer.s `prepare` is called `pack_weights` now
#include <lamina/lamina.hpp>

#include "own_layers.hpp"

using namespace lamina;

struct Mine : Whole {
#ifdef CONTROL
  void pack_weights(const None&, None&, RoundRobin&, const Context&) const {}
#else
  void prepare(const None&, None&, RoundRobin&, const Context&) const {}
#endif
};

int main() {
  Model model{Mine{}, Shape{28}, Rng{1}};
}
