// Samples are bytes or float.
// first: samples are bytes, std::uint8_t, or float
#include <lamina/data/dataset.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  const Dataset data{Tensor<float, 4>(2, 28, 28, 1), {0, 1}};
#else
  const Dataset data{Tensor<double, 4>(2, 28, 28, 1), {0, 1}};
#endif
}
