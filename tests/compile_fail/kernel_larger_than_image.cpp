// A shape that is asked for while compiling is checked while compiling; the compiler shows the line that refuses it.
// expect: expects images at least as large as its
#include <lamina/layers/conv.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr Conv conv{.filters = 2, .kernel = 5};
#else
  constexpr Conv conv{.filters = 2, .kernel = 7};
#endif
  constexpr Shape out = conv.output_shape(Shape{64, 6, 6, 1});
  return out[0] == 64 ? 0 : 1;
}
