// A layer that cannot be trained, in a Sequential.
// first: a layer lacks `backward`: 
#include <lamina/lamina.hpp>

#include "own_layers.hpp"

using namespace lamina;

#ifdef CONTROL
using Mine = Whole;
#else
using Mine = Untrained;
#endif

int main() {
  Model model{Sequential{Flatten{}, Mine{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
}
