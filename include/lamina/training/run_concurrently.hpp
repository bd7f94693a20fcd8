#pragma once

#include "../core/function_ref.hpp"
#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Calls task(i, threads) for 0 … count − 1, as many at once as there are threads. `threads` is how many threads the task
/// itself may use: one, unless there are more threads than tasks. Which thread runs which task is not defined, so a
/// task's result must not depend on it. After a task throws, no other begins, and its exception is rethrown here.
void run_concurrently(Index count, Index threads, FunctionRef<void(Index task, Index threads)> task);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_concurrently.ipp"
#endif
