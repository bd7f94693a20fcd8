// Probabilities are no logits: a second softmax would flatten them.
// expect: Softmax follows Softmax
#include <lamina/layers/dense.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/models/sequential.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  constexpr auto network = Sequential{Dense{.units = 10}, Softmax{}};
#else
  constexpr auto network = Sequential{Dense{.units = 10}, Softmax{}, Softmax{}};
#endif
  static_assert(network.output_shape(Shape{64, 20}) == Shape{64, 10});
}
