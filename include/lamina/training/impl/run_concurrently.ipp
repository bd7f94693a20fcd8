#pragma once

#include "../run_concurrently.hpp"

#include <algorithm>
#include <atomic>

#include "../../core/thread_pool.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void run_concurrently(Index count, Index threads, FunctionRef<void(Index task, Index threads)> task) {
  if (count < 1) return;
  ThreadPool thread_pool((std::min)(count, threads));
  const Index each = threads / thread_pool.size();
  std::atomic<Index> next{0};
  std::atomic<bool> failed{false};
  thread_pool.run([&](Index) {
    for (Index i = next++; i < count && !failed; i = next++) {
      try {
        task(i, each);
      } catch (...) {
        failed = true;
        throw;
      }
    }
  });
}

}  // namespace lamina::detail
