#pragma once

#include "../core/function_ref.hpp"
#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Calls task(i, threads) for 0 … count − 1, as many at once as there are threads; each may use so many threads of its
/// own: one, unless there are more threads than tasks. Which thread has which task is chance, hence a task's result must
/// not depend on it. After a task has thrown no other begins, and what it threw is thrown here.
void side_by_side(Index count, Index threads, FunctionRef<void(Index task, Index threads)> task);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/side_by_side.ipp"
#endif
