// Class numbers are of 32 bits.
// first: these are no targets: a data set takes class numbers, std::vector<std::int32_t>, or numbers
#include <lamina/data/dataset.hpp>

using namespace lamina;

int main() {
  Tensor<float, 4> x(2, 28, 28, 1);
#ifdef CONTROL
  const Dataset data{x, std::vector<std::int32_t>{1, 2}};
#else
  const Dataset data{x, std::vector<std::int64_t>{1, 2}};
#endif
}
