#pragma once

#include "../thread_pool.hpp"

#include <algorithm>
#include <string>
#include <utility>

#if defined(__linux__)
#include <sched.h>
#endif
#if !defined(_WIN32)
#include <pthread.h>
#include <unistd.h>
#endif

#include "../error.hpp"
#include "../flush_denormals.hpp"

namespace LAMINA_NAMESPACE::detail {

#if defined(_WIN32)

LAMINA_FUNC std::int64_t this_process() { return 0; }
LAMINA_FUNC const std::atomic<std::uint32_t>& forks() {
  static const std::atomic<std::uint32_t> none{0};
  return none;
}

#else

LAMINA_FUNC std::int64_t this_process() { return ::getpid(); }

/// Counts how often this process was forked since the first call. The count is global because a fork concerns the whole process.
LAMINA_FUNC const std::atomic<std::uint32_t>& forks() {
  static std::atomic<std::uint32_t> count{0};
  [[maybe_unused]] static const int told =
      ::pthread_atfork(nullptr, nullptr, [] { count.fetch_add(1, std::memory_order_relaxed); });
  return count;
}

#endif

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Index hardware_threads() {
#if defined(__linux__)
  cpu_set_t allowed;  // fewer than there are in a container, under taskset, or where mpirun binds its processes
  if (::sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return (std::max)(CPU_COUNT(&allowed), 1);
#endif
  const unsigned threads = std::thread::hardware_concurrency();
  return threads == 0 ? 1 : static_cast<Index>(threads);
}

LAMINA_FUNC ThreadPool::ThreadPool(Index size, Later)
    : size_(size), forks_(&detail::forks()), process_(detail::this_process()),
      helpers_(size > 1 ? std::make_unique<Helper[]>(static_cast<std::size_t>(size - 1)) : nullptr) {}

LAMINA_FUNC ThreadPool::ThreadPool(Index size) : ThreadPool((std::max<Index>)(size, 1), Later()) {
  if (size < 1) throw OptionError(str_cat("ThreadPool: expects a size of at least 1 but got ", size));
  start();
}

LAMINA_FUNC std::unique_ptr<ThreadPool> ThreadPool::started_when_needed(Index size) {
  return std::unique_ptr<ThreadPool>(new ThreadPool(size, Later()));
}

LAMINA_FUNC void ThreadPool::start() {
  started_ = true;
  forks_before_ = forks_->load(std::memory_order_relaxed);
  process_ = detail::this_process();
  try {
    for (Index worker = 1; worker < size_; ++worker) {
      Helper& helper = helpers_[static_cast<std::size_t>(worker - 1)];
      helper.thread = std::thread([this, worker, &helper] { serve(worker, helper.failure); });
    }
  } catch (...) {
    dismiss();
    throw;
  }
}

LAMINA_FUNC ThreadPool::~ThreadPool() {
  if (is_copy())  // the threads do not exist here, so there is nothing to join
    for (Index helper = 0; helper < size_ - 1; ++helper)
      std::construct_at(&helpers_[static_cast<std::size_t>(helper)].thread);
  else
    dismiss();
}

LAMINA_FUNC void ThreadPool::run(detail::FunctionRef<void(Index)> task) {
  if (size_ > 1) prepare();
  task_ = &task;
  busy_.store(static_cast<std::uint32_t>(size_ - 1), std::memory_order_relaxed);
  if (size_ > 1) begin_round(0);
  std::exception_ptr first = attempt(0);
  for (std::uint32_t left = busy_.load(std::memory_order_acquire); left != 0;
       left = busy_.load(std::memory_order_acquire))
    await_change(busy_, left);
  for (Index helper = 0; helper < size_ - 1; ++helper) {
    std::exception_ptr taken = std::exchange(helpers_[static_cast<std::size_t>(helper)].failure.error, nullptr);
    if (!first) first = std::move(taken);
  }
  if (first) std::rethrow_exception(std::move(first));
}

LAMINA_FUNC void ThreadPool::parallel_for(Index parts, detail::FunctionRef<void(Index, Index)> task) {
  shared_ = &task;
  parts_ = parts;
  next_.store(0, std::memory_order_relaxed);
  const bool helped = size_ > 1 && parts > 1;
  if (helped) prepare();
  if (helped) {
    inside_.fetch_add(1, std::memory_order_release);  // helpers may enter
    begin_round(1);
  }
  Failure first;
  take_parts(0, first);
  if (helped) {
    for (std::uint32_t inside = inside_.fetch_sub(1, std::memory_order_acq_rel) - 1; inside != 0;
         inside = inside_.load(std::memory_order_acquire))
      await_change(inside_, inside);
    for (Index helper = 0; helper < size_ - 1; ++helper) {
      Failure& failure = helpers_[static_cast<std::size_t>(helper)].failure;
      if (failure.error && (!first.error || failure.part < first.part)) first = failure;
      failure.error = nullptr;
    }
  }
  if (first.error) std::rethrow_exception(std::move(first.error));
}

LAMINA_FUNC void detail::share_range(ThreadPool* thread_pool, Index n, Index numbers, FunctionRef<void(Index, Index)> work) {
  constexpr Index worth_a_thread = 32'768;  // some ten microseconds
  const Index parts = thread_pool ? (std::min)({thread_pool->size(), n, numbers / worth_a_thread}) : 1;
  if (parts < 2) return work(0, n);
  thread_pool->parallel_for(parts, [&](Index, Index part) { work(n * part / parts, n * (part + 1) / parts); });
}

LAMINA_FUNC bool ThreadPool::is_copy() const {
  return forks_->load(std::memory_order_relaxed) != forks_before_ && detail::this_process() != process_;
}

LAMINA_FUNC void ThreadPool::refuse_copy() const {
  if (!is_copy()) return;  // each library that a program loads may count from a different fork on
  throw OptionError(str_cat("ThreadPool: its ", size_ - 1, size_ == 2 ? " thread is in process " : " threads are in process ",
                            std::to_string(process_), " but this is process ", std::to_string(detail::this_process()),
                            ", a copy that was forked without them; make the Trainer, Predictor or ThreadPool after the fork"));
}

LAMINA_FUNC void ThreadPool::begin_round(std::uint32_t is_shared) {
  // Only the caller writes round_. The order is sequential, as libstdc++'s notify reads whether anyone waits: with a mere release
  // that read may come before the store, and a thread that falls asleep in between would never be woken.
  round_.store((round_.load(std::memory_order_relaxed) & ~std::uint32_t{1}) + 2 + is_shared, std::memory_order_seq_cst);
  round_.notify_all();
}

LAMINA_FUNC void ThreadPool::serve(Index worker, Failure& failure) {
  for (std::uint32_t seen = 0;;) {
    await_change(round_, seen);
    seen = round_.load(std::memory_order_acquire);
    if (quit_.load(std::memory_order_relaxed)) return;
    if (seen % 2 == 1) {
      // It may be too late for this task, and in time for the next shared one.
      if (inside_.fetch_add(2, std::memory_order_acq_rel) % 2 == 1) take_parts(worker, failure);
      inside_.fetch_sub(2, std::memory_order_seq_cst);
      inside_.notify_one();
    } else {
      failure.error = attempt(worker);
      if (busy_.fetch_sub(1, std::memory_order_seq_cst) == 1) busy_.notify_one();
    }
  }
}

LAMINA_FUNC void ThreadPool::take_parts(Index worker, Failure& failure) {
  const detail::FlushDenormals flush;
  for (Index part; (part = next_.fetch_add(1, std::memory_order_relaxed)) < parts_;) {
    try {
      (*shared_)(worker, part);
    } catch (...) {
      if (!failure.error || part < failure.part) failure = {std::current_exception(), part};
    }
  }
}

LAMINA_FUNC std::exception_ptr ThreadPool::attempt(Index worker) {
  const detail::FlushDenormals flush;
  try {
    (*task_)(worker);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

LAMINA_FUNC void ThreadPool::await_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen) {
  for (int spins = 0; spins < 2000; ++spins) {
    if (value.load(std::memory_order_acquire) != seen) return;
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }
  value.wait(seen, std::memory_order_acquire);
}

LAMINA_FUNC void ThreadPool::dismiss() {
  quit_.store(true, std::memory_order_relaxed);
  begin_round(0);
  for (Index helper = 0; helper < size_ - 1; ++helper)
    if (helpers_[static_cast<std::size_t>(helper)].thread.joinable())
      helpers_[static_cast<std::size_t>(helper)].thread.join();
}

}  // namespace lamina
