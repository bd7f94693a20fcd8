// The shape of a sample has no N.
// first: a layer cannot take an input of this number of axes.*without N|a layer cannot take an input of this number of axes.*has no N
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  Model model{Conv{.filters = 2}, Shape{28, 28, 1}, Rng{1}};
#else
  Model model{Conv{.filters = 2}, Shape{1, 28, 28, 1}, Rng{1}};
#endif
}
