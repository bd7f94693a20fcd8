// A hyper-parameter that a layer has not.
// first: filter
#include <lamina/layers/conv.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr Conv conv{.filters = 8};
#else
  constexpr Conv conv{.filter = 8};
#endif
  return conv.kernel.height == 3 ? 0 : 1;
}
