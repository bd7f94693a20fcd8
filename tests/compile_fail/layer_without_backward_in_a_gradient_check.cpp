// A layer that cannot be checked.
// first: a layer lacks `backward`: 
#include <lamina/testing/gradient_check.hpp>

#include "own_layers.hpp"

using namespace lamina;

#ifdef CONTROL
using Mine = Whole;
#else
using Mine = Untrained;
#endif

int main() { return check_gradient(Mine{}, Shape{3, 4}).passed() ? 0 : 1; }
