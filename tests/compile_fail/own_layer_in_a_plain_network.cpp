// A layer of one's own has to be listed by its type.
// first: use BasicNetwork<Mine>
#include <lamina/models/network.hpp>

#include "own_layers.hpp"

using namespace lamina;

int main() {
#ifdef CONTROL
  BasicNetwork<Whole> network{Flatten{}, Whole{}};
#else
  Network network{Flatten{}, Whole{}};
#endif
  return network.size() == 2 ? 0 : 1;
}
