// A layer that cannot be trained, listed at run time.
// first: a layer lacks `backward`: 
#include <lamina/models/model.hpp>
#include <lamina/models/network.hpp>

#include "own_layers.hpp"

using namespace lamina;

#ifdef CONTROL
using Mine = Whole;
#else
using Mine = Untrained;
#endif

int main() {
  BasicNetwork<Mine> network{Flatten{}};
  network.push_back(Mine{});
  Model model{network, Shape{28, 28, 1}, Rng{1}};
}
