// Images have three axes.
// first: its first layer cannot take an input of this number of axes
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  Model model{Sequential{Conv{.filters = 2}, ReLU{}}, Shape{28, 28, 1}, Rng{1}};
#else
  Model model{Sequential{Conv{.filters = 2}, ReLU{}}, Shape{28, 28}, Rng{1}};
#endif
}
