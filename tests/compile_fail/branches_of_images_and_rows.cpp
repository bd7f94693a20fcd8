// One branch makes images and the other rows.
// expect: put Flatten{} at the end of those that make images
// lines: 90
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/models/concat.hpp>
#include <lamina/models/sequential.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr auto network = Sequential{Concat{Sequential{Conv{.filters = 2}, Flatten{}}, Flatten{}}};
#else
  constexpr auto network = Sequential{Concat{Conv{.filters = 2}, Flatten{}}};
#endif
  static_assert(network.output_shape(Shape{1, 5, 5, 1})[0] == 1);
}
