#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>

#include "function_ref.hpp"
#include "shape.hpp"

namespace LAMINA_NAMESPACE {

/// Returns the number of threads that this process can run at once, at least 1: that of the processors it may use.
Index hardware_threads();

/// A pool of threads that run one task together, again and again. The caller is the first of them: a pool of one starts
/// no thread. Between two tasks the threads spin for some microseconds, because a training step may be that short; then
/// they sleep. During a task, numbers too small to be normal floats are set to 0, see FlushDenormals.
///
///   ThreadPool thread_pool{2};
///   thread_pool.run([&](Index worker) { … });   // returns when every worker is done
///
/// After a fork the child process has the object but not its threads. There, `run` and `share` throw OptionError if they
/// need another thread. Create the pool after the fork.
class ThreadPool {
 public:
  /// Starts size − 1 threads. Throws OptionError for a size below 1 and std::system_error if a thread cannot be started.
  explicit ThreadPool(Index size);

  /// Makes a pool that starts its threads when a task first needs them.
  static std::unique_ptr<ThreadPool> started_when_needed(Index size);

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  Index size() const { return size_; }

  /// Calls task(worker) for 0 … size − 1, each on its own thread, and waits for all. If workers throw, it rethrows the
  /// exception of the first one.
  void run(detail::FunctionRef<void(Index)> task);

  /// Calls task(worker, part) once for each of the parts 0 … parts − 1, on whichever worker is free, and waits until all
  /// are done. It does not wait for a worker whose thread has not started yet: on a busy machine the others do its share.
  /// If parts throw, it rethrows the first part's exception when all are done.
  ///
  ///   thread_pool.parallel_for(shards, [&](Index worker, Index shard) { … });
  void parallel_for(Index parts, detail::FunctionRef<void(Index worker, Index part)> task);

 private:
  struct Later {};
  ThreadPool(Index size, Later);

  /// An exception thrown by a task or a part. If several throw, the one of the first part is kept.
  struct Failure {
    std::exception_ptr error;
    Index part = 0;
  };

  /// A worker other than the caller: its thread and the exception of its task.
  struct Helper {
    std::thread thread;
    Failure failure;
  };

  /// Starts the threads if there are none. Throws OptionError if this process was forked from the one that has them.
  void prepare() {
    if (!started_) return start();
    if (forks_->load(std::memory_order_relaxed) != forks_before_) refuse_copy();
  }
  [[gnu::cold]] void refuse_copy() const;
  bool is_copy() const;

  [[gnu::cold]] void start();
  void begin_round(std::uint32_t is_shared);

  void serve(Index worker, Failure& failure);

  std::exception_ptr attempt(Index worker);

  void take_parts(Index worker, Failure& failure);

  static void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen);

  void dismiss();

  Index size_;
  const std::atomic<std::uint32_t>* forks_;  // number of forks that led to this process; cheaper to read than the process id
  std::uint32_t forks_before_ = forks_->load(std::memory_order_relaxed);
  std::int64_t process_;
  std::unique_ptr<Helper[]> helpers_;    // size − 1
  const detail::FunctionRef<void(Index)>* task_ = nullptr;
  const detail::FunctionRef<void(Index, Index)>* shared_ = nullptr;
  Index parts_ = 0;                      // number of parts of the shared task
  bool started_ = false;                 // the threads
  std::atomic<bool> quit_{false};        // written before round_; a late helper of a shared task reads it early
  std::atomic<std::uint32_t> round_{0};  // counts tasks by 2; odd if the last one is shared
  std::atomic<std::uint32_t> busy_{0};   // workers that have not finished this task
  std::atomic<Index> next_{0};           // the first part that nobody has taken yet
  std::atomic<std::uint32_t> inside_{0}; // twice the helpers in a shared task, plus 1 while others may enter
};

namespace detail {

/// Calls work(first, last) for ranges that make up 0 … n − 1: for all at once, or on several threads of a pool, which may be
/// null, if that is worth it for so many numbers that are read.
void share_range(ThreadPool* thread_pool, Index n, Index numbers, FunctionRef<void(Index first, Index last)> work);

}  // namespace detail

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/thread_pool.ipp"
#endif
