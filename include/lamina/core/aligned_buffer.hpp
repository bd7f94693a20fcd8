#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "shape.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The alignment of every tensor in bytes: a cache line, which is also the size of the widest register.
inline constexpr std::size_t alignment = 64;

/// The size of a huge page in bytes, which the processor finds with one TLB entry. A training step that walks over tens
/// of megabytes in ordinary pages of 4 KiB spends a tenth of its time on address translation.
inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// Returns the alignment of a block of so many bytes.
constexpr std::size_t boundary_of(std::size_t bytes) { return bytes < huge_page ? alignment : huge_page; }

/// Allocates memory without initialising it. For large blocks it asks the system for huge pages, which the system may
/// decline. Throws std::bad_alloc.
void* allocate(std::size_t bytes);

/// The address that empty tensors point to. It is never read or written.
alignas(alignment) inline constexpr std::byte no_numbers[alignment] = {};

/// A block of aligned, uninitialised memory for numbers that only grows: a smaller batch reuses the memory of a larger one.
template <typename T>
class AlignedBuffer {
  static_assert(std::is_trivially_copyable_v<T>, "tensors hold plain numbers");

 public:
  AlignedBuffer() = default;
  AlignedBuffer(const AlignedBuffer&) = delete;  // only the tensor knows how much of it is in use
  AlignedBuffer(AlignedBuffer&& other) noexcept { swap(other); }
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
    swap(other);
    return *this;
  }

  T* data() { return numbers_.get(); }
  const T* data() const { return numbers_.get(); }

  /// Makes room for `size` numbers. Discards the old numbers if it has to grow. Throws std::bad_alloc.
  void reserve(Index size) {
    if (size <= capacity_) return;
    if (static_cast<std::size_t>(size) > static_cast<std::size_t>((std::numeric_limits<Index>::max)()) / sizeof(T))
      throw std::bad_alloc();
    const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(T);
    numbers_ = Owner(static_cast<T*>(detail::allocate(bytes)), Free{detail::boundary_of(bytes)});
    capacity_ = size;
  }

  void swap(AlignedBuffer& other) noexcept {
    std::swap(numbers_, other.numbers_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  /// Returns the address of an empty buffer. It is not null: copying zero numbers from null is undefined in C++, and
  /// Eigen does so.
  static T* no_storage() { return const_cast<T*>(reinterpret_cast<const T*>(detail::no_numbers)); }

  struct Free {
    std::size_t boundary = alignment;
    void operator()(T* numbers) const {
      if (numbers != no_storage()) ::operator delete(numbers, std::align_val_t(boundary));
    }
  };
  using Owner = std::unique_ptr<T, Free>;
  Owner numbers_{no_storage()};
  Index capacity_ = 0;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/aligned_buffer.ipp"
#endif
