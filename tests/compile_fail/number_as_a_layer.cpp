// A number is no layer.
// first: this is no layer
#include <lamina/lamina.hpp>

using namespace lamina;

int main() {
#ifdef CONTROL
  Model model{Sequential{Flatten{}, Dense{.units = 10}}, Shape{28, 28, 1}, Rng{1}};
#else
  Model model{Sequential{Flatten{}, 10}, Shape{28, 28, 1}, Rng{1}};
#endif
}
