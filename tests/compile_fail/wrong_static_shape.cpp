// What a program claims of its network's shape is checked while compiling.
// expect: Shape{64, 11}
#include <lamina/layers/dense.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/models/sequential.hpp>

using namespace lamina;

int main() {
  constexpr auto network = Sequential{Dense{.units = 30}, ReLU{}, Dense{.units = 10}};
#ifdef CONTROL
  static_assert(network.output_shape(Shape{64, 784}) == Shape{64, 10});
#else
  static_assert(network.output_shape(Shape{64, 784}) == Shape{64, 11});
#endif
}
