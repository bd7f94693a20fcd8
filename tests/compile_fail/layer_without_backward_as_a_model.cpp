// A layer that cannot be trained, as the whole network.
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
  Model model{Mine{}, Shape{28}, Rng{1}};
}
