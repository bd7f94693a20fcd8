#pragma once

#include "../session.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <vector>

#include <unistd.h>

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// Returns the name of a rank's process: "process 4711 on node1".
inline std::string process_name() {
  char machine[MPI_MAX_PROCESSOR_NAME + 1] = {};
  int length = 0;
  MPI_Get_processor_name(machine, &length);
  return str_cat("process ", getpid(), " on ", static_cast<const char*>(machine));
}

/// Ends the other ranks when this process ends.
inline void abort_at_exit() {
  std::atexit([] {
    int finalised = 0, rank = 0, size = 0;
    MPI_Finalized(&finalised);
    if (finalised) return;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    std::cerr << str_cat("lamina: rank ", rank, " of ", size, ", ", process_name(),
                         ", ended with an exception; the other ranks are ended, too\n")
              << std::flush;
    MPI_Abort(MPI_COMM_WORLD, 1);
  });
}

}  // namespace detail

namespace mpi {

inline Session::Session() : exceptions_(std::uncaught_exceptions()) {
  int initialised = 0, finalised = 0, threads = 0, rank = 0, size = 1;
  MPI_Finalized(&finalised);
  if (finalised) throw OptionError("mpi::Session: MPI was finalised before, and cannot be initialised again; keep one session for the whole program");
  MPI_Initialized(&initialised);
  if (initialised)
    MPI_Query_thread(&threads);
  else
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &threads);
  finalises_ = !initialised;
  if (threads < MPI_THREAD_FUNNELED)
    throw OptionError("mpi::Session: expects MPI to allow several threads, but it was initialised with MPI_THREAD_SINGLE; call "
                      "MPI_Init_thread with MPI_THREAD_FUNNELED, or leave it to the session");
  MPI_Comm_dup(MPI_COMM_WORLD, &communicator_);
  MPI_Comm_rank(communicator_, &rank);
  MPI_Comm_size(communicator_, &size);
  rank_ = rank;
  size_ = size;
  MPI_Comm here = MPI_COMM_NULL;
  MPI_Comm_split_type(communicator_, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &here);
  MPI_Comm_size(here, &size);
  on_this_machine_ = size;
  MPI_Comm_free(&here);
}

inline Session::~Session() {
  if (size_ > 1 && std::uncaught_exceptions() > exceptions_) {
    detail::abort_at_exit();
    return;
  }
  MPI_Comm_free(&communicator_);
  if (finalises_) MPI_Finalize();
}

inline std::string Session::processes() const {
  constexpr int length = MPI_MAX_PROCESSOR_NAME + 40;
  std::vector<char> all(static_cast<std::size_t>(size_ * length));
  std::string own = detail::process_name();
  own.resize(length);
  MPI_Allgather(own.data(), length, MPI_CHAR, all.data(), length, MPI_CHAR, communicator_);
  std::string text = str_cat(size_, size_ == 1 ? " rank:" : " ranks:");
  for (Index r = 0; r < size_; ++r)
    text += str_cat(r > 0 ? ", " : " ", r, " is ", static_cast<const char*>(all.data() + r * length));
  return text;
}

}  // namespace mpi
}  // namespace lamina
