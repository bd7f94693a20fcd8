// A layer made of others that draw hands them a context; leaving it out is seen by the compiler.
// expect: no match
#include <lamina/layers/dropout.hpp>

using namespace lamina;

int main() {
  const Tensor<float, 2> x(3, 4);
  Tensor<float, 2> y;
  Dropout::Workspace<Tensor<float, 2>> ws;
#ifdef CONTROL
  Dropout{}.forward(None{}, x, ws, y, Context{});
#else
  Dropout{}.forward(None{}, x, ws, y);
#endif
}
