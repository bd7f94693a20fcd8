// Numbers to be learned are float.
// first: these are no targets: a data set takes class numbers, std::vector<std::int32_t>, or numbers
#include <lamina/data/dataset.hpp>

using namespace lamina;

int main() {
  Tensor<float, 4> x(2, 28, 28, 1);
#ifdef CONTROL
  const Dataset data{x, std::vector<float>{1, 2}};
#else
  const Dataset data{x, std::vector<double>{1, 2}};
#endif
}
