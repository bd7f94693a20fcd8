// A layer is an object, with braces.
// first: expected|does not refer to a value|unexpected type name
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr Sequential network{Flatten{}, Dense{.units = 10}};
#else
  constexpr Sequential network{Flatten, Dense{.units = 10}};
#endif
  return network.size() == 2 ? 0 : 1;
}
