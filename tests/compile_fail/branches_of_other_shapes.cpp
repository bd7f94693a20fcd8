// The branches of a sum make other numbers of channels; the compiler shows the line that refuses them.
// expect: Add: expects inputs of one shape
// lines: 90
#include <lamina/layers/conv.hpp>
#include <lamina/models/add.hpp>
#include <lamina/models/sequential.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr auto network = Sequential{Add{Conv{.filters = 2, .kernel = 1}, Conv{.filters = 2, .kernel = 1}}};
#else
  constexpr auto network = Sequential{Add{Conv{.filters = 2, .kernel = 1}, Conv{.filters = 3, .kernel = 1}}};
#endif
  static_assert(network.output_shape(Shape{1, 5, 5, 1}) == Shape{1, 5, 5, 2});
}
