// Conv takes images, and rows come.
// first: put Flatten.. between images and rows
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  Model model{Sequential{Conv{.filters = 2}, Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
#else
  Model model{Sequential{Flatten{}, Conv{.filters = 2}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
#endif
}
