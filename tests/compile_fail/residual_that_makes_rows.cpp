// Rows cannot be added to images.
// first: leave Flatten.. out
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  Model model{Residual{Sequential{Conv{.filters = 1, .padding = 1}}}, Shape{28, 28, 1}, Rng{1}};
#else
  Model model{Residual{Sequential{Flatten{}}}, Shape{28, 28, 1}, Rng{1}};
#endif
}
