#include <iostream>
#include <lamina/mpi.hpp>

int main() {
  const lamina::mpi::Session world;
  std::cout << world.rank() << " of " << world.size() << '\n';
}
