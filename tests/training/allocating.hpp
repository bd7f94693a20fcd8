#pragma once

// What the operators of this program count, and how they are made to fail. They are in allocations.cpp.

#include <atomic>
#include <cstddef>

namespace allocating {

inline std::atomic<std::size_t> allocations{0};    ///< so far
inline std::atomic<std::ptrdiff_t> held{0};        ///< pieces of memory that were not given back
inline std::atomic<std::ptrdiff_t> until_fail{-1}; ///< how many more succeed before one fails; −1: none fails

}  // namespace allocating
