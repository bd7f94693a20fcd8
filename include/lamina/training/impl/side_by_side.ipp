#pragma once

#include "../side_by_side.hpp"

#include <algorithm>
#include <atomic>

#include "../../core/crew.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void side_by_side(Index count, Index threads, FunctionRef<void(Index task, Index threads)> task) {
  if (count < 1) return;
  Crew crew((std::min)(count, threads));
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
