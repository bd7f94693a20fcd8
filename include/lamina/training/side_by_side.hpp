#pragma once

#include <algorithm>
#include <atomic>

#include "../core/crew.hpp"
#include "../core/function_ref.hpp"

namespace lamina::detail {

/// Calls task(i, threads) for 0 … count − 1, as many at once as there are threads; each may use so many threads of its
/// own: one, unless there are more threads than tasks. Which thread has which task is chance, hence a task's result must
/// not depend on it. After a task has thrown no other begins, and what it threw is thrown here.
inline void side_by_side(Index count, Index threads, FunctionRef<void(Index task, Index threads)> task) {
  if (count < 1) return;
  Crew crew(std::min(count, threads));
  const Index each = threads / crew.size();
  std::atomic<Index> next{0};
  std::atomic<bool> failed{false};
  crew.run([&](Index) {
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
