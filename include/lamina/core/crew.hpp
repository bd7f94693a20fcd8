#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <utility>

#include "flush_denormals.hpp"
#include "function_ref.hpp"
#include "shape.hpp"

namespace lamina {

/// As many threads as the machine runs at once, at least 1.
inline Index hardware_threads() {
  const unsigned threads = std::thread::hardware_concurrency();
  return threads == 0 ? 1 : static_cast<Index>(threads);
}

/// Some threads that do one thing together, again and again. The caller is the first of them: a crew of one starts no
/// thread. Between two tasks they spin for some microseconds, as a training step may be as short as that, then sleep.
/// During a task numbers too small for a float to be normal are 0, see FlushDenormals.
///
///   Crew crew{2};
///   crew.run([&](Index worker) { … });   // returns when every worker is done
class Crew {
 public:
  /// Throws OptionError for a size below 1 and std::system_error when the threads cannot be had.
  explicit Crew(Index size) : size_(size) {
    if (size < 1) throw OptionError(message("Crew: expects a size of at least 1 but got ", size));
    if (size > 1) helpers_ = std::make_unique<Helper[]>(static_cast<std::size_t>(size - 1));
    try {
      for (Index worker = 1; worker < size; ++worker) {
        Helper& helper = helpers_[static_cast<std::size_t>(worker - 1)];
        helper.thread = std::thread([this, worker, &helper] { serve(worker, helper.failure); });
      }
    } catch (...) {
      dismiss();
      throw;
    }
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() { dismiss(); }

  Index size() const { return size_; }

  /// Calls task(worker) for 0 … size − 1, each on a thread of its own, and waits for all. What a worker throws is thrown
  /// here, the first worker's if there are several.
  void run(FunctionRef<void(Index)> task) {
    task_ = &task;
    busy_.store(static_cast<std::uint32_t>(size_ - 1), std::memory_order_relaxed);
    if (size_ > 1) {
      round_.fetch_add(1, std::memory_order_release);
      round_.notify_all();
    }
    std::exception_ptr first = attempt(0);
    for (std::uint32_t left = busy_.load(std::memory_order_acquire); left != 0;
         left = busy_.load(std::memory_order_acquire))
      await_change(busy_, left);
    for (Index helper = 0; helper < size_ - 1; ++helper) {
      std::exception_ptr taken = std::exchange(helpers_[static_cast<std::size_t>(helper)].failure, nullptr);
      if (!first) first = std::move(taken);
    }
    if (first) std::rethrow_exception(std::move(first));
  }

 private:
  /// All but the caller's: a thread, and what its task threw.
  struct Helper {
    std::thread thread;
    std::exception_ptr failure;
  };

  void serve(Index worker, std::exception_ptr& failure) {
    for (std::uint32_t seen = 0;;) {
      await_change(round_, seen);
      seen = round_.load(std::memory_order_acquire);
      if (quit_) return;
      failure = attempt(worker);
      if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
    }
  }

  std::exception_ptr attempt(Index worker) {
    const FlushDenormals flush;
    try {
      (*task_)(worker);
      return nullptr;
    } catch (...) {
      return std::current_exception();
    }
  }

  static void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen) {
    for (int spins = 0; spins < 2000; ++spins) {
      if (value.load(std::memory_order_acquire) != seen) return;
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause();
#endif
    }
    value.wait(seen, std::memory_order_acquire);
  }

  void dismiss() {
    quit_ = true;
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    for (Index helper = 0; helper < size_ - 1; ++helper)
      if (helpers_[static_cast<std::size_t>(helper)].thread.joinable())
        helpers_[static_cast<std::size_t>(helper)].thread.join();
  }

  Index size_;
  std::unique_ptr<Helper[]> helpers_;    // size − 1
  const FunctionRef<void(Index)>* task_ = nullptr;
  bool quit_ = false;                    // written before round_, read after it
  std::atomic<std::uint32_t> round_{0};  // counts tasks
  std::atomic<std::uint32_t> busy_{0};   // workers that have not finished this one
};

}  // namespace lamina
