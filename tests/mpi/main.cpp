// The tests of lamina/mpi.hpp: mpirun -np 3 lamina_test_mpi [CASE [ARGUMENT]]. Without a case it runs all that need no argument.

#include <iostream>

#include "cases.hpp"

int main(int count, char** words) {
  using namespace mpi_cases;
  const std::string chosen = count > 1 ? words[1] : "", argument = count > 2 ? words[2] : "";
  try {
    mpi::Session world;
    int ran = 0;
    for (const auto& [name, run] : cases())
      if (name == chosen || (chosen.empty() && !name.starts_with("run "))) {
        run(world, argument);
        ++ran;
        if (world.rank() == 0) std::cout << "passed with " << world.size() << " ranks: " << name << std::endl;
      }
    expect(ran > 0, "a case that exists");
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
