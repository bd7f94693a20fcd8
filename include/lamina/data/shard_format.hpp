#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "normalisation.hpp"
#include "targets.hpp"

// The files of a sharded data set, byte by byte: see larger_than_memory.md.
namespace LAMINA_NAMESPACE::detail {

/// The name of the file that makes a folder a data set. It is written last.
inline constexpr const char* shard_index_name = "dataset.index";

/// Returns the name of shard s: 000012.shard.
std::string shard_name(Index s);

/// The description of a sharded data set: what its index says.
struct ShardSet {
  bool holds_bytes = true;
  std::vector<Index> sample{};  // its extents
  Index columns = 0;            // numbers of a target row; 0 if samples have class numbers
  DatasetOptions classes{};
  Normalisation normalisation{}, target_normalisation{};
  Index size = 0;       // number of samples
  Index per_shard = 0;  // samples of every shard but the last: a multiple of per_block
  Index per_block = 0;  // samples of a block, which has a checksum
  std::vector<std::uint64_t> shards{};  // the checksum of each shard's head

  /// Returns the number of bytes of a sample's values, and of its target.
  Index sample_bytes() const;
  Index target_bytes() const { return columns > 0 ? columns * 4 : 4; }

  /// Returns the number of samples of shard s.
  Index samples_of(Index s) const { return (std::min)(per_shard, size - s * per_shard); }
};

/// The places of a shard's parts, in bytes from its beginning.
struct ShardLayout {
  Index samples, blocks;
  std::uint64_t targets, values, end;

  ShardLayout(const ShardSet& set, Index many);
};

/// Returns the bytes of an index.
std::vector<std::byte> format_shard_index(const ShardSet& set);

/// Returns what an index says. Throws DataError, which begins with `name`, for anything that is not the whole index of a
/// possible set. It allocates no more than a small multiple of the bytes.
ShardSet parse_shard_index(std::span<const std::byte> bytes, const std::string& name);

/// Writes the beginning of shard s up to its targets. `shard` is the rest of it, already in place, from `layout.targets` on.
/// Returns the checksum of the head.
std::uint64_t write_shard_head(std::span<std::byte> shard, const ShardSet& set, Index s, const ShardLayout& layout);

/// The head of a shard.
struct ShardHead {
  Index samples = 0;
  std::uint64_t targets = 0;             // checksum of its targets
  std::vector<std::uint64_t> blocks{};   // … of each block of samples
  std::uint64_t checksum = 0;            // … of the head
};

/// The number of bytes of a head before its checksums.
inline constexpr std::size_t shard_head_size = 64;

/// Returns how many samples the shard has, from the first shard_head_size bytes. Throws DataError unless this can be shard s
/// of the set in a file of `file_size` bytes.
Index parse_shard_samples(std::span<const std::byte> bytes, std::uint64_t file_size, const ShardSet& set, Index s,
                          const std::string& name);

/// Returns a shard's head from its bytes up to its targets. Throws DataError if it is not as it was written.
ShardHead parse_shard_head(std::span<const std::byte> bytes, Index samples, const std::string& name);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/shard_format.ipp"
#endif
