#include <iostream>
#include <lamina/lamina.hpp>

#ifdef CONSUMER_OF_ONE_FILE
#include "other.cpp"
#else
lamina::Shape<2> shape_from_the_other_file();
#endif

int main() {
  const lamina::Shape shape{2, 3};
  if (shape != shape_from_the_other_file()) return 1;
  std::cout << "consumer: " << shape << '\n';
}
