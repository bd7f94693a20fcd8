#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>

#include "function_ref.hpp"
#include "shape.hpp"

namespace LAMINA_NAMESPACE {

/// As many threads as the machine runs at once, at least 1.
Index hardware_threads();

/// Some threads that do one thing together, again and again. The caller is the first of them: a crew of one starts no
/// thread. Between two tasks they spin for some microseconds, as a training step may be as short as that, then sleep.
/// During a task numbers too small for a float to be normal are 0, see FlushDenormals.
///
///   Crew crew{2};
///   crew.run([&](Index worker) { … });   // returns when every worker is done
class Crew {
 public:
  /// Throws OptionError for a size below 1 and std::system_error when the threads cannot be had.
  explicit Crew(Index size);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() { dismiss(); }

  Index size() const { return size_; }

  /// Calls task(worker) for 0 … size − 1, each on a thread of its own, and waits for all. What a worker throws is thrown
  /// here, the first worker's if there are several.
  void run(FunctionRef<void(Index)> task);

 private:
  /// All but the caller's: a thread, and what its task threw.
  struct Helper {
    std::thread thread;
    std::exception_ptr failure;
  };

  void serve(Index worker, std::exception_ptr& failure);

  std::exception_ptr attempt(Index worker);

  static void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen);

  void dismiss();

  Index size_;
  std::unique_ptr<Helper[]> helpers_;    // size − 1
  const FunctionRef<void(Index)>* task_ = nullptr;
  bool quit_ = false;                    // written before round_, read after it
  std::atomic<std::uint32_t> round_{0};  // counts tasks
  std::atomic<std::uint32_t> busy_{0};   // workers that have not finished this one
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/crew.ipp"
#endif
