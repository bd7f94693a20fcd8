// One half of a program whose files do not agree on how lamina is compiled: see takes.cpp.
#include <lamina/core/crew.hpp>
#include <lamina/core/random.hpp>
#include <lamina/core/tensor.hpp>

using namespace lamina;

void take_tensor(const Tensor<float, 2>& x);
void take_crew(Crew& crew);
void take_generator(Rng rng);

int main() {
  const Tensor<float, 2> x(2, 3);
  Crew crew(1);
  take_tensor(x);
  take_crew(crew);
  take_generator(Rng{1});
}
