#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../core/random.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A thread that brings samples of a source near before they are needed, and drops them when they are not needed any more.
class ReadAhead {
 public:
  virtual ~ReadAhead() = default;

  /// Takes the samples that are needed from now on, in order, to the end of the epoch. Call it before every step.
  virtual void expect(std::span<const Index> samples) = 0;
};

/// The interface of samples that are not in memory: they are read, or decoded, whenever they are used. Several threads may
/// call it at once. A data set takes all samples, or those `chosen`: numbers in the source, empty for all, in order.
class SampleSource {
 public:
  explicit SampleSource(Index size) : size_(size) {}
  virtual ~SampleSource() = default;

  Index size() const { return size_; }

  /// Writes the stored values of sample i, bytes or floats. Throws DataError, which names the file.
  virtual void copy(Index i, std::byte* values) const = 0;

  /// Returns the stored values of sample i if they are in memory, and keeps them there until `release`; otherwise null.
  virtual const std::byte* hold(Index) const { return nullptr; }
  virtual void release(Index) const {}

  /// Brings the values of sample i into the caches, if they are in memory.
  virtual void prefetch(Index) const {}

  /// Overwrites `order` with the order in which an epoch visits the samples.
  virtual void draw_order(std::vector<Index>& order, Rng rng, std::span<const Index> chosen) const = 0;

  /// Returns how many samples an epoch shuffles together; size() if all of them.
  virtual Index shuffled_together() const = 0;

  /// Starts a thread that reads ahead. The source and `chosen` must outlive it.
  virtual std::unique_ptr<ReadAhead> read_ahead(std::span<const Index> chosen) const = 0;

  /// Returns a check value of all values, for checkpoints.
  virtual std::uint64_t digest() const = 0;

 private:
  Index size_;
};

/// Samples of a source, in the order of a data set.
struct SourceView {
  const SampleSource* source = nullptr;  // null for a data set in memory
  std::span<const Index> chosen{};

  Index operator[](Index i) const { return chosen.empty() ? i : chosen[static_cast<std::size_t>(i)]; }
};

/// Prefetches the beginning of `size` bytes, up to a page. The hardware prefetches the rest.
inline void prefetch_begin(const void* bytes, Index size) {
  constexpr Index page = 4096, line = 64;
  for (Index at = 0; at < (std::min)(size, page); at += line) __builtin_prefetch(static_cast<const char*>(bytes) + at);
}

/// Overwrites `order` with the numbers 0 … order.size() − 1 in a random order.
void draw_order(std::vector<Index>& order, Rng rng);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/sample_source.ipp"
#endif
