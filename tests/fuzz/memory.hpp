#pragma once

#include <cstddef>

namespace fuzz {

/// Counts the memory that this thread holds while a watch is there: all of it under the address sanitizer, else what comes
/// from operator new. Ends the program when it holds more than `most` at a time. One at a time.
class MemoryWatch {
 public:
  explicit MemoryWatch(std::size_t most);
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;
  ~MemoryWatch();

  /// The most that was held so far.
  std::size_t peak() const;
};

}  // namespace fuzz
