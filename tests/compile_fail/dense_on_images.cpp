// Dense takes rows, and images come.
// expect: put Flatten{} between images and rows
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/models/sequential.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr auto network = Sequential{Conv{.filters = 2}, Flatten{}, Dense{.units = 10}};
#else
  constexpr auto network = Sequential{Conv{.filters = 2}, Dense{.units = 10}};
#endif
  static_assert(network.output_shape(Shape{64, 28, 28, 1}) == Shape{64, 10});
}
