#include <iostream>
#include <lamina/lamina.hpp>

lamina::Shape<2> shape_from_the_other_file();

int main() {
  const lamina::Shape shape{2, 3};
  if (shape != shape_from_the_other_file()) return 1;
  std::cout << "consumer: " << shape << '\n';
}
