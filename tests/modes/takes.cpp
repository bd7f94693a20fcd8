#include <lamina/core/crew.hpp>
#include <lamina/core/random.hpp>
#include <lamina/core/tensor.hpp>

using namespace lamina;

void take_tensor(const Tensor<float, 2>&);
void take_crew(Crew&);
void take_generator(Rng);

void take_tensor(const Tensor<float, 2>&) {}
void take_crew(Crew&) {}
void take_generator(Rng) {}
