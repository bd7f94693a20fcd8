// An optimizer where the loss belongs.
// first: takes the loss first and the optimizer second
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  Trainer trainer{SoftmaxCrossEntropy{}, SGD{}};
#else
  Trainer trainer{SGD{}, SoftmaxCrossEntropy{}};
#endif
}
