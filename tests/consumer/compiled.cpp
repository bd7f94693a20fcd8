#include <iostream>
#include <lamina/lamina.hpp>

#ifndef LAMINA_COMPILED
#error "lamina::compiled tells its users to define LAMINA_COMPILED"
#endif

int main() {
  const lamina::Model model{lamina::Dense{.units = 3}, lamina::Shape{4}, lamina::Rng{1}};
  lamina::Tensor<float, 2> x(2, 4);
  x.setZero();
  std::cout << "consumer: " << lamina::shape(model(x)) << '\n';
}
