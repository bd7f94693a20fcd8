#include "memory.hpp"
#include "target.hpp"

namespace fuzz {

bool run(const Target& target, std::span<const std::byte> file) {
  const MemoryWatch watch(target.memory(file.size()));
  try {
    target.read(file);
    return true;
  } catch (const lamina::DataError&) {
    return false;
  }
}

}  // namespace fuzz
