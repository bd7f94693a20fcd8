#pragma once

// The headers of lamina/mpi need MPI: link lamina::mpi, or compile with mpicxx. No other header of lamina includes them.

#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1  // without the C++ functions that MPI no longer has
#endif
#ifndef MPICH_SKIP_MPICXX
#define MPICH_SKIP_MPICXX 1
#endif
#include <mpi.h>

#include <memory>
#include <string>

#include "../training/process_group.hpp"

namespace LAMINA_NAMESPACE {

class Reducer;

namespace mpi {

struct AverageOptions;

/// The part of a program in which it is one of the processes, called ranks, that mpirun started together. A program that
/// was started without mpirun is rank 0 of 1.
///
///   int main() {
///     mpi::Session world;
///     …
///     trainer.fit(model, train, {.reduce = mpi::average(world)});
///   }
///
/// It initialises MPI, unless the program has done so, and then also finalises it. If an exception leaves the scope, the
/// other ranks would wait for this one for ever. Therefore the whole job ends when this process ends (after it has told
/// the error): a line on standard error names the rank, and MPI_Abort ends the others.
class Session {
 public:
  /// Begins the session. Throws OptionError if MPI does not allow several threads, or was finalised before.
  Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Returns this process's number, from 0, and the number of processes.
  Index rank() const { return rank_; }
  Index size() const { return size_; }

  /// Returns the communicator of lamina's messages, for calls of MPI that come between those of `fit`.
  MPI_Comm communicator() const { return communicator_; }

  /// Returns a line that names every rank's process and machine, for people who read mpirun's messages. All ranks call it.
  std::string processes() const;

 private:
  friend Reducer average(Session&, const AverageOptions&);

  MPI_Comm communicator_ = MPI_COMM_NULL;
  Index rank_ = 0, size_ = 1, on_this_machine_ = 1;
  bool finalises_ = false;
  int exceptions_;  // that were being thrown when the session began
  std::unique_ptr<detail::ProcessGroup> groups_[2];  // see average
};

}  // namespace mpi
}  // namespace lamina

#include "impl/session.ipp"
