#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../core/random.hpp"

namespace LAMINA_NAMESPACE::detail {

/// The interface of samples that are not in memory: they are read, or decoded, whenever they are used. Several threads may
/// call it at once.
///
/// Samples lie in blocks that are read together. An epoch that visited all of them in random order would seek for each, so
/// it permutes the blocks, takes as many at a time as fit a window, and permutes the samples of the window. Blocks are much
/// smaller than files and windows, so that a set that is stored class by class is mixed as well.
class SampleSource {
 public:
  virtual ~SampleSource() = default;

  /// Writes the stored values of sample i, bytes or floats. Throws DataError, which names the file.
  virtual void copy(Index i, std::byte* values) const = 0;

  /// Returns the stored values of sample i if they are in memory, and keeps them there until `release`; otherwise null.
  virtual const std::byte* hold(Index) const { return nullptr; }
  virtual void release(Index) const {}

  /// Brings the values of sample i into the caches, if they are in memory.
  virtual void prefetch(Index) const {}

  /// Makes copies of a block's samples fast until `drop` is called; does nothing if there is no memory left for that. Throws
  /// DataError as `copy` does.
  virtual void bring(Index block) const = 0;
  virtual void drop(Index block) const = 0;

  /// Returns a check value of all values, for checkpoints.
  virtual std::uint64_t digest() const = 0;

  Index size() const { return size_; }

  /// Returns the number of samples of every block but the last, the number of blocks, how many of them are a
  /// window, and how many are to be read ahead.
  Index block() const { return block_; }
  Index blocks() const { return size_ == 0 ? 0 : (size_ - 1) / block_ + 1; }
  Index window() const { return window_; }
  Index ahead() const { return ahead_; }

 protected:
  SampleSource(Index size, Index block, Index window, Index ahead) : size_(size), block_(block), window_(window), ahead_(ahead) {}

 private:
  Index size_, block_, window_, ahead_;
};

/// Samples of a source, in the order of a data set: all of them, or those chosen.
struct SourceView {
  const SampleSource* source = nullptr;  // null for a data set in memory
  std::span<const Index> chosen{};       // numbers in the source; empty for all, in order

  Index size() const { return chosen.empty() ? source->size() : std::ssize(chosen); }
  Index operator[](Index i) const { return chosen.empty() ? i : chosen[static_cast<std::size_t>(i)]; }
  Index block_of(Index i) const { return (*this)[i] / source->block(); }
};

/// Prefetches the beginning of `size` bytes, up to a page. The hardware prefetches the rest.
inline void prefetch_begin(const void* bytes, Index size) {
  constexpr Index page = 4096, line = 64;
  for (Index at = 0; at < (std::min)(size, page); at += line) __builtin_prefetch(static_cast<const char*>(bytes) + at);
}

/// Overwrites `order` with the numbers 0 … order.size() − 1 in a random order.
void draw_order(std::vector<Index>& order, Rng rng);

/// Does the same window by window, see SampleSource. If one window holds the whole source, both orders are the same.
void draw_order(std::vector<Index>& order, Rng rng, const SourceView& samples);

/// A thread that brings blocks of a source before they are needed, and drops them when they are not needed any more.
class ReadAhead {
 public:
  virtual ~ReadAhead() = default;

  /// Takes the samples that are needed from now on, in order, to the end of the epoch. Call it before every step.
  virtual void expect(std::span<const Index> samples) = 0;
};

/// Starts such a thread. What `samples` refers to must outlive it.
std::unique_ptr<ReadAhead> read_ahead(const SourceView& samples);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/sample_source.ipp"
#endif
