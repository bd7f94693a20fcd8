#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/shape.hpp"

namespace lamina {

/// As many threads as the machine runs at once, at least 1.
inline Index hardware_threads() {
  const unsigned threads = std::thread::hardware_concurrency();
  return threads == 0 ? 1 : static_cast<Index>(threads);
}

/// Some threads that do one thing together, again and again. The caller is the first of them: a crew of one starts no
/// thread. Between two tasks they spin for some microseconds, as a training step may be as short as that, then sleep.
///
///   Crew crew{2};
///   crew.run([&](Index worker) { … });   // returns when every worker is done
class Crew {
 public:
  /// Throws OptionError for a size below 1 and std::system_error when the threads cannot be had.
  explicit Crew(Index size) : size_(size) {
    if (size < 1) throw OptionError(message("Crew: expects a size of at least 1 but got ", size));
    failures_.resize(static_cast<std::size_t>(size - 1));
    try {
      threads_.reserve(static_cast<std::size_t>(size - 1));
      for (Index worker = 1; worker < size; ++worker) threads_.emplace_back([this, worker] { serve(worker); });
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
  template <typename Task>
  void run(Task&& task) {
    call_ = [](void* context, Index worker) { (*static_cast<std::remove_reference_t<Task>*>(context))(worker); };
    context_ = const_cast<void*>(static_cast<const void*>(&task));
    busy_.store(static_cast<std::uint32_t>(size_ - 1), std::memory_order_relaxed);
    if (size_ > 1) {
      round_.fetch_add(1, std::memory_order_release);
      round_.notify_all();
    }
    std::exception_ptr first = attempt(0);
    for (std::uint32_t left = busy_.load(std::memory_order_acquire); left != 0; left = busy_.load(std::memory_order_acquire))
      await_change(busy_, left);
    for (std::exception_ptr& failure : failures_) {
      std::exception_ptr taken = std::exchange(failure, nullptr);
      if (!first) first = std::move(taken);
    }
    if (first) std::rethrow_exception(std::move(first));
  }

 private:
  void serve(Index worker) {
    for (std::uint32_t seen = 0;;) {
      await_change(round_, seen);
      seen = round_.load(std::memory_order_acquire);
      if (quit_) return;
      failures_[static_cast<std::size_t>(worker - 1)] = attempt(worker);
      if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
    }
  }

  std::exception_ptr attempt(Index worker) {
    try {
      call_(context_, worker);
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
    for (std::thread& thread : threads_) thread.join();
  }

  Index size_;
  std::vector<std::thread> threads_;          // all but the caller's
  std::vector<std::exception_ptr> failures_;  // what each of them threw
  void (*call_)(void*, Index) = nullptr;
  void* context_ = nullptr;
  bool quit_ = false;                    // written before round_, read after it
  std::atomic<std::uint32_t> round_{0};  // counts tasks
  std::atomic<std::uint32_t> busy_{0};   // workers that have not finished this one
};

}  // namespace lamina
