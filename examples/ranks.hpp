#pragma once

// What the examples share that mpirun may start several times: `mpirun -np 4 mnist`. Built without MPI there is one process.

#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>

#ifdef LAMINA_EXAMPLES_MPI
#include <lamina/mpi.hpp>
#else
#include <lamina/lamina.hpp>
#endif

#include "options.hpp"

namespace examples {

/// The processes that mpirun or srun started together, if they did. Only the first one prints, keeps and
/// judges in the end.
class Ranks {
 public:
  Ranks() {
    if (started_as() < 0) return;  // alone
#ifdef LAMINA_EXAMPLES_MPI
    const std::string processes = world_.emplace().processes();
    if (size() > 1) std::cout << processes << "\n\n";
#else
    if (started_as() > 0) throw std::runtime_error("was built without MPI but started several times; configure with -DLAMINA_BUILD_MPI=ON");
#endif
  }

  /// Whether this is the first process.
  static bool first() { return started_as() <= 0; }

#ifdef LAMINA_EXAMPLES_MPI
  lamina::Index size() const { return world_ ? world_->size() : 1; }
  lamina::Reducer average() { return world_ ? lamina::mpi::average(*world_) : lamina::Reducer{}; }

 private:
  std::optional<lamina::mpi::Session> world_;
#else
  lamina::Index size() const { return 1; }
  lamina::Reducer average() { return {}; }
#endif
};

}  // namespace examples
