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
///
/// A process that was forked has the crew, but only one thread: there `run` and `share` throw OptionError where others are
/// needed. Make the crew after the fork.
class Crew {
 public:
  /// Throws OptionError for a size below 1 and std::system_error when the threads cannot be had.
  explicit Crew(Index size);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  Index size() const { return size_; }

  /// Calls task(worker) for 0 … size − 1, each on a thread of its own, and waits for all. What a worker throws is thrown
  /// here, the first worker's if there are several.
  void run(FunctionRef<void(Index)> task);

  /// Calls task(worker, part) for the parts 0 … parts − 1, each once, by whichever worker is free, and waits until all are
  /// done. A worker whose thread has not come by then is not waited for: on a machine that is busy with something else the
  /// others do its share. What parts throw is thrown here when all are done, the first part's if there are several.
  ///
  ///   crew.share(shards, [&](Index worker, Index shard) { … });
  void share(Index parts, FunctionRef<void(Index worker, Index part)> task);

 private:
  /// An exception of a task or of a part. The first part's is kept if several throw.
  struct Failure {
    std::exception_ptr error;
    Index part = 0;
  };

  /// All but the caller's: a thread, and what its task threw.
  struct Helper {
    std::thread thread;
    Failure failure;
  };

  /// Throws OptionError where this process is a copy, made by fork, of the one that has the threads.
  void check_process() const {
    if (forks_->load(std::memory_order_relaxed) != forks_before_) refuse_copy();
  }
  [[gnu::cold]] void refuse_copy() const;
  bool is_copy() const;

  void begin_round(std::uint32_t is_shared);

  void serve(Index worker, Failure& failure);

  std::exception_ptr attempt(Index worker);

  void take_parts(Index worker, Failure& failure);

  static void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen);

  void dismiss();

  Index size_;
  const std::atomic<std::uint32_t>* forks_;  // that led to this process; a task asks, as asking for its number takes longer
  std::uint32_t forks_before_ = forks_->load(std::memory_order_relaxed);
  std::int64_t process_;
  std::unique_ptr<Helper[]> helpers_;    // size − 1
  const FunctionRef<void(Index)>* task_ = nullptr;
  const FunctionRef<void(Index, Index)>* shared_ = nullptr;
  Index parts_ = 0;                      // of what is shared
  std::atomic<bool> quit_{false};        // written before round_; a helper that comes late to a shared task reads it early
  std::atomic<std::uint32_t> round_{0};  // counts tasks by 2; odd where the last one is shared
  std::atomic<std::uint32_t> busy_{0};   // workers that have not finished this one
  std::atomic<Index> next_{0};           // the part that nobody has taken yet
  std::atomic<std::uint32_t> inside_{0}; // twice the helpers at a shared task, and 1 while others may come
};

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/crew.ipp"
#endif
