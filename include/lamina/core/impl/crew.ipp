#pragma once

#include "../crew.hpp"

#include <utility>

#include "../flush_denormals.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC Index hardware_threads() {
  const unsigned threads = std::thread::hardware_concurrency();
  return threads == 0 ? 1 : static_cast<Index>(threads);
}

LAMINA_FUNC Crew::Crew(Index size) : size_(size) {
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

LAMINA_FUNC void Crew::run(FunctionRef<void(Index)> task) {
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

LAMINA_FUNC void Crew::serve(Index worker, std::exception_ptr& failure) {
  for (std::uint32_t seen = 0;;) {
    await_change(round_, seen);
    seen = round_.load(std::memory_order_acquire);
    if (quit_) return;
    failure = attempt(worker);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

LAMINA_FUNC std::exception_ptr Crew::attempt(Index worker) {
  const FlushDenormals flush;
  try {
    (*task_)(worker);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

LAMINA_FUNC void Crew::await_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen) {
  for (int spins = 0; spins < 2000; ++spins) {
    if (value.load(std::memory_order_acquire) != seen) return;
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }
  value.wait(seen, std::memory_order_acquire);
}

LAMINA_FUNC void Crew::dismiss() {
  quit_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (Index helper = 0; helper < size_ - 1; ++helper)
    if (helpers_[static_cast<std::size_t>(helper)].thread.joinable())
      helpers_[static_cast<std::size_t>(helper)].thread.join();
}

}  // namespace lamina
