// A sample lies in one piece.
// first: samples are a row-major tensor
#include <lamina/data/dataset.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  const Dataset data{Eigen::Tensor<float, 4, Eigen::RowMajor>(2, 28, 28, 1), {0, 1}};
#else
  const Dataset data{Eigen::Tensor<float, 4>(2, 28, 28, 1), {0, 1}};
#endif
}
