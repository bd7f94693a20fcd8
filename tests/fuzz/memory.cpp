#include "memory.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define FUZZ_UNDER_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FUZZ_UNDER_SANITIZER
#endif
#endif
#ifdef FUZZ_UNDER_SANITIZER
// As in sanitizer/allocator_interface.h, which g++ comes without.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void*, std::size_t),
                                                         void (*free_hook)(const volatile void*));
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void* memory);
#else
#include <malloc.h>

#include "../replaced_new.hpp"
#endif

namespace fuzz {
namespace {

struct Count {
  bool on = false;
  std::ptrdiff_t held = 0, peak = 0, most = 0;  // what is freed may be older than the count
};
thread_local Count count;

void add(std::size_t size) {
  if (!count.on) return;
  count.held += static_cast<std::ptrdiff_t>(size);
  count.peak = std::max(count.peak, count.held);
  if (count.held <= count.most) return;
  count.on = false;
  std::fprintf(stderr, "finding: holds %td bytes, more than the %td allowed\n", count.held, count.most);
  std::abort();
}

void take_away(std::size_t size) {
  if (count.on) count.held -= static_cast<std::ptrdiff_t>(size);
}

}  // namespace

MemoryWatch::MemoryWatch(std::size_t most) {
#ifdef FUZZ_UNDER_SANITIZER
  [[maybe_unused]] static const int installed = __sanitizer_install_malloc_and_free_hooks(
      [](const volatile void*, std::size_t size) { add(size); },
      [](const volatile void* memory) {
        if (count.on && memory) take_away(__sanitizer_get_allocated_size(memory));
      });
#endif
  count = {.on = true, .most = static_cast<std::ptrdiff_t>(most)};
}

MemoryWatch::~MemoryWatch() { count.on = false; }

std::size_t MemoryWatch::peak() const { return static_cast<std::size_t>(count.peak); }

}  // namespace fuzz

#ifndef FUZZ_UNDER_SANITIZER
void replaced_new::before_taken() {}
void replaced_new::taken(void* memory) { fuzz::add(malloc_usable_size(memory)); }
void replaced_new::given_back(void* memory) { fuzz::take_away(malloc_usable_size(memory)); }
#endif
