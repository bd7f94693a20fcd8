#pragma once

// Replaces the operators new and delete of the whole program it is included in, once: a program's definition of `taken` and
// `given_back` is told what is asked for and what is no longer needed. Under sanitizers, whose own operators tell of faulty
// use, a program does without it or loses that.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace replaced_new {

void before_taken();             ///< may throw std::bad_alloc
void taken(void* memory);        ///< it was given to the program
void given_back(void* memory);   ///< it is about to be freed

inline void* take(std::size_t size, std::size_t alignment) {
  before_taken();
  const std::size_t whole = (std::max(size, std::size_t{1}) + alignment - 1) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, whole);
  if (!memory) throw std::bad_alloc();
  taken(memory);
  return memory;
}

/// Not inlined: g++ would see std::free beside an operator new, and warn.
[[gnu::noinline]] inline void give_back(void* memory) {
  if (memory) given_back(memory);
  std::free(memory);
}

}  // namespace replaced_new

void* operator new(std::size_t size) { return replaced_new::take(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return replaced_new::take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) { return operator new(size, alignment); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept { return operator new(size, nothrow); }
void operator delete(void* memory) noexcept { replaced_new::give_back(memory); }
void operator delete[](void* memory) noexcept { replaced_new::give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { replaced_new::give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { replaced_new::give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { replaced_new::give_back(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { replaced_new::give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { replaced_new::give_back(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { replaced_new::give_back(memory); }
