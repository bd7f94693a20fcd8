#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "../core/aligned_buffer.hpp"
#include "../core/random_access_file.hpp"
#include "block_source.hpp"
#include "shard_format.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A shard on disk, whose head was read and checked.
struct OpenShard {
  RandomAccessFile file;
  ShardHead head;
  ShardLayout layout;

  /// Opens shard s of a set. Throws DataError, which names the file.
  OpenShard(const std::filesystem::path& folder, const ShardSet& set, Index s);

  /// Appends its targets. Throws DataError if they are not as they were written.
  void read_targets(const ShardSet& set, std::vector<std::int32_t>& labels, std::vector<float>& rows) const;

 private:
  OpenShard(RandomAccessFile opened, const ShardSet& set, Index s);
};

/// The samples of a sharded data set. Each block's checksum is checked when it is first read. Blocks that were brought are
/// held in memory, two windows of them at most: to read them in one go is an order of magnitude faster than to read small
/// samples one by one.
class ShardSource final : public BlockSource {
 public:
  /// Takes a set's open shards, for windows of so many blocks.
  ShardSource(const ShardSet& set, std::vector<OpenShard> shards, Index window);

  void copy(Index i, std::byte* values) const override;
  const std::byte* hold(Index i) const override;
  void release(Index i) const override { --users_of(i / block()); }
  void prefetch(Index i) const override;
  void bring(Index block) const override;
  void drop(Index block) const override;
  std::uint64_t digest() const override { return digest_; }

 private:
  /// The place of a block of samples.
  struct Place {
    const OpenShard& shard;
    std::size_t block;   // in the shard
    std::uint64_t begin;
    std::size_t size;    // in bytes
  };
  Place place_of(Index block) const;

  struct Block {
    std::atomic<std::byte*> values{nullptr};  // null unless it is in memory
    std::atomic<bool> checked{false};
  };

  /// The number of those that hold samples of some blocks: it has a cache line of its own, because workers change it all the
  /// time. `drop` takes a block's values away first, so that nobody else begins to hold them, and then waits for the users.
  struct alignas(64) Users {
    std::atomic<Index> count{0};
  };
  std::atomic<Index>& users_of(Index block) const { return users_[static_cast<std::size_t>(block) % users_.size()].count; }

  /// Reads a block, and checks it unless that was done before.
  void read(Index block, std::byte* values) const;

  std::byte* take_room() const;  // null if all of it is in use
  void give_room(std::byte* room) const;

  Index per_shard_, sample_bytes_;
  std::vector<OpenShard> shards_;
  std::uint64_t digest_;
  std::unique_ptr<Block[]> blocks_;
  mutable std::array<Users, 256> users_{};
  mutable std::mutex mutex_;                   // of what follows
  mutable AlignedBuffer<std::byte> memory_{};  // rooms for a block each; one piece, for the sake of huge pages
  mutable std::vector<std::byte*> free_{};     // rooms that are not in use
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/shard_source.ipp"
#endif
