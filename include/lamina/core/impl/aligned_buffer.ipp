#pragma once

#include "../aligned_buffer.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void* allocate(std::size_t bytes) {
  void* const memory = ::operator new(bytes, std::align_val_t(boundary_of(bytes)));
#ifdef MADV_HUGEPAGE
  if (bytes >= huge_page) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}

}  // namespace lamina::detail
