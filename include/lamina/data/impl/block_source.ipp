#pragma once

#include "../block_source.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <numeric>
#include <thread>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void BlockSource::draw_order(std::vector<Index>& order, Rng rng, std::span<const Index> chosen) const {
  const BlockView samples{*this, chosen};
  const Index size = std::ssize(order);
  if (blocks() <= window()) return detail::draw_order(order, rng);
  std::vector<Index> drawn(static_cast<std::size_t>(blocks()));
  detail::draw_order(drawn, rng.split(0));
  std::vector<Index> place(drawn.size());  // of each block in this order
  for (std::size_t k = 0; k < drawn.size(); ++k) place[static_cast<std::size_t>(drawn[k])] = static_cast<Index>(k);

  std::vector<Index> begins(drawn.size() + 1);  // of each place's samples in `order`
  const auto place_of = [&](Index i) { return static_cast<std::size_t>(place[static_cast<std::size_t>(samples.block_of(i))]); };
  for (Index i = 0; i < size; ++i) ++begins[place_of(i) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<Index> next = begins;
  for (Index i = 0; i < size; ++i) order[static_cast<std::size_t>(next[place_of(i)]++)] = i;

  std::uint64_t stream = 0;
  for (std::size_t first = 0, last = 0; first < drawn.size(); first = last) {
    // Blocks without samples, as a part of a set may have, are not read and need no place in the window.
    for (Index filled = 0; last < drawn.size() && filled < window(); ++last) filled += begins[last + 1] > begins[last];
    const auto together = std::span(order).subspan(static_cast<std::size_t>(begins[first]),
                                                   static_cast<std::size_t>(begins[last] - begins[first]));
    shuffle(together, rng.split(++stream));
  }
}

class ReadAheadThread final : public ReadAhead {
 public:
  explicit ReadAheadThread(const BlockView& samples) : samples_(samples), last_use_(static_cast<std::size_t>(samples.source.blocks())) {
    uses_.reserve(last_use_.size());
    const double filled = static_cast<double>(samples.size()) / static_cast<double>((std::max<Index>)(samples.source.size(), 1));
    ahead_ = static_cast<Index>(filled * static_cast<double>(samples.source.ahead() * samples.source.block())) + 1;
    thread_ = std::thread([this] { work(); });
  }
  ReadAheadThread(const ReadAheadThread&) = delete;
  ReadAheadThread& operator=(const ReadAheadThread&) = delete;
  ~ReadAheadThread() override {
    {
      const std::lock_guard lock(mutex_);
      quit_ = true;
    }
    wake_.notify_one();
    thread_.join();
    drop_all();
  }

  void expect(std::span<const Index> samples) override {
    const std::unique_lock lock(mutex_);
    if (std::ssize(samples) > left_) begin_epoch(samples);
    left_ = std::ssize(samples);
    if (position() >= wake_at_) wake_.notify_one();
  }

 private:
  /// A block and the position of its first sample in the epoch's order.
  struct Use {
    Index block, first;
  };

  Index position() const { return size_ - left_; }

  /// Notes when each block is used.
  void begin_epoch(std::span<const Index> samples) {
    size_ = std::ssize(samples);
    if (keeps_all() && all_noted_) return;
    drop_all();
    all_noted_ = size_ == samples_.size();
    wake_at_ = 0;
    std::fill(last_use_.begin(), last_use_.end(), Index{-1});
    for (Index k = 0; k < std::ssize(samples); ++k) {
      const Index block = samples_.block_of(samples[static_cast<std::size_t>(k)]);
      Index& last = last_use_[static_cast<std::size_t>(block)];
      if (last < 0) uses_.push_back({block, k});
      last = k;
    }
    ++epoch_;
  }

  void drop_all() {
    for (; dropped_ < brought_; ++dropped_) samples_.source.drop(uses_[dropped_].block);
    uses_.clear();
    dropped_ = brought_ = 0;
  }

  /// Returns whether all blocks are kept from epoch to epoch.
  bool keeps_all() const { return samples_.source.blocks() <= samples_.source.ahead(); }

  /// Returns whether the oldest block is not needed any more, and whether another one is needed soon.
  bool may_drop() const { return !keeps_all() && dropped_ < brought_ && last_use_[static_cast<std::size_t>(uses_[dropped_].block)] < position(); }
  bool may_bring() const { return brought_ < uses_.size() && uses_[brought_].first < position() + ahead_; }

  void work() {
    std::unique_lock lock(mutex_);
    while (!quit_) {
      if (may_drop()) {
        samples_.source.drop(uses_[dropped_++].block);
      } else if (may_bring()) {
        const Index block = uses_[brought_++].block;
        const std::uint64_t epoch = epoch_;
        lock.unlock();
        try {
          samples_.source.bring(block);
        } catch (const std::exception&) {
          // Whoever copies a sample of this block meets the same error and reports it.
        }
        lock.lock();
        if (epoch != epoch_) samples_.source.drop(block);  // another epoch has begun meanwhile
      } else {
        wake_at_ = (std::numeric_limits<Index>::max)();
        if (!keeps_all() && dropped_ < brought_) wake_at_ = last_use_[static_cast<std::size_t>(uses_[dropped_].block)] + 1;
        if (brought_ < uses_.size()) wake_at_ = (std::min)(wake_at_, uses_[brought_].first - ahead_ + 1);
        wake_.wait(lock);
        wake_at_ = 0;
      }
    }
  }

  BlockView samples_;
  Index ahead_ = 1;                // samples that come from the blocks to be read ahead, about
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Use> uses_;          // the epoch's blocks in the order of their first use; never grows beyond the number of blocks
  std::vector<Index> last_use_;    // of each block
  std::size_t dropped_ = 0, brought_ = 0;  // how many of uses_
  Index size_ = 0, left_ = 0;      // samples of the epoch, and from now on
  Index wake_at_ = 0;              // the position at which the thread has something to do
  std::uint64_t epoch_ = 0;
  bool all_noted_ = false;         // uses_ has all blocks of the samples, not only those of the rest of an epoch
  bool quit_ = false;
  std::thread thread_;
};

LAMINA_FUNC std::unique_ptr<ReadAhead> BlockSource::read_ahead(std::span<const Index> chosen) const {
  return std::make_unique<ReadAheadThread>(BlockView{*this, chosen});
}

}  // namespace lamina::detail
