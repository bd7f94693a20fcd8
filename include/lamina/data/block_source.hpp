#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sample_source.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A source whose samples lie in blocks that are read together.
///
/// An epoch that visited all samples in random order would seek for each, so it permutes the blocks, takes as many at a time
/// as fit a window, and permutes the samples of the window. Blocks are much smaller than files and windows, so that a set that
/// is stored class by class is mixed as well. If one window holds the whole source, the order is that of a set in memory.
class BlockSource : public SampleSource {
 public:
  /// Makes samples fast to copy until `drop` is called; does nothing if there is no memory left for that. Throws DataError as
  /// `copy` does.
  virtual void bring(Index block) const = 0;
  virtual void drop(Index block) const = 0;

  void draw_order(std::vector<Index>& order, Rng rng, std::span<const Index> chosen) const override;
  Index shuffled_together() const override { return window_ < blocks() ? window_ * block_ : size(); }
  std::unique_ptr<ReadAhead> read_ahead(std::span<const Index> chosen) const override;

  /// Returns the number of samples of every block but the last, the number of blocks, how many of them are a
  /// window, and how many are to be read ahead.
  Index block() const { return block_; }
  Index blocks() const { return size() == 0 ? 0 : (size() - 1) / block_ + 1; }
  Index window() const { return window_; }
  Index ahead() const { return ahead_; }

 protected:
  BlockSource(Index size, Index block, Index window, Index ahead) : SampleSource(size), block_(block), window_(window), ahead_(ahead) {}

 private:
  Index block_, window_, ahead_;
};

/// Samples of such a source, in the order of a data set.
struct BlockView {
  const BlockSource& source;
  std::span<const Index> chosen;

  Index size() const { return chosen.empty() ? source.size() : std::ssize(chosen); }
  Index block_of(Index i) const { return (chosen.empty() ? i : chosen[static_cast<std::size_t>(i)]) / source.block(); }
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/block_source.ipp"
#endif
