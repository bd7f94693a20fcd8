#pragma once

#include "../shard_source.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "../../core/checksum.hpp"
#include "../../core/error.hpp"
#include "../../core/printable.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns how many samples a shard has, from the beginning of its file.
LAMINA_FUNC Index read_shard_samples(const RandomAccessFile& file, const ShardSet& set, Index s) {
  std::array<std::byte, shard_head_size> begin{};
  const auto bytes = std::span(begin).first((std::min<std::size_t>)(begin.size(), file.size()));
  file.read(0, bytes);
  return parse_shard_samples(bytes, file.size(), set, s, printable(file.path().string()));
}

LAMINA_FUNC OpenShard::OpenShard(const std::filesystem::path& folder, const ShardSet& set, Index s)
    : OpenShard(RandomAccessFile(folder / shard_name(s)), set, s) {}

LAMINA_FUNC OpenShard::OpenShard(RandomAccessFile opened, const ShardSet& set, Index s)
    : file(std::move(opened)), layout(set, read_shard_samples(file, set, s)) {
  std::vector<std::byte> bytes(layout.targets);
  file.read(0, bytes);
  head = parse_shard_head(bytes, layout.samples, printable(file.path().string()));
}

LAMINA_FUNC void OpenShard::read_targets(const ShardSet& set, std::vector<std::int32_t>& labels, std::vector<float>& rows) const {
  const auto append = [&](auto& to, Index per_sample) {
    const auto before = to.size();
    to.resize(before + static_cast<std::size_t>(layout.samples * per_sample));
    const auto bytes = std::as_writable_bytes(std::span(to).subspan(before));
    file.read(layout.targets, bytes);
    if (Checksum{}.add(bytes).value() != head.targets)
      throw DataError(str_cat(printable(file.path().string()),
                              ": its targets are not as they were written: their checksum differs; copy the file again, or "
                              "write the set again"));
  };
  if (set.columns > 0)
    append(rows, set.columns);
  else
    append(labels, 1);
}

/// Returns a check value of all shards.
inline std::uint64_t digest_of(const ShardSet& set) { return Checksum{}.add(std::as_bytes(std::span(set.shards))).value(); }

LAMINA_FUNC ShardSource::ShardSource(const ShardSet& set, std::vector<OpenShard> shards, Index window)
    : BlockSource(set.size, set.per_block, window, window), per_shard_(set.per_shard), sample_bytes_(set.sample_bytes()),
      shards_(std::move(shards)), digest_(digest_of(set)),
      blocks_(std::make_unique<Block[]>(static_cast<std::size_t>(blocks()))) {}

LAMINA_FUNC ShardSource::Place ShardSource::place_of(Index block) const {
  const Index first = block * this->block(), s = first / per_shard_, before = first - s * per_shard_;
  const OpenShard& shard = shards_[static_cast<std::size_t>(s)];
  const Index samples = (std::min)(this->block(), shard.layout.samples - before);
  return {shard, static_cast<std::size_t>(before / this->block()),
          shard.layout.values + static_cast<std::uint64_t>(before * sample_bytes_), static_cast<std::size_t>(samples * sample_bytes_)};
}

LAMINA_FUNC void ShardSource::read(Index block, std::byte* values) const {
  std::atomic<bool>& checked = blocks_[static_cast<std::size_t>(block)].checked;
  const Place place = place_of(block);
  place.shard.file.read(place.begin, {values, place.size});
  if (checked.load(std::memory_order_relaxed)) return;
  if (Checksum{}.add(std::span<const std::byte>(values, place.size)).value() != place.shard.head.blocks[place.block]) {
    const Index first = block * this->block();
    throw DataError(str_cat(printable(place.shard.file.path().string()), ": samples ", first, " … ",
                            first + static_cast<Index>(place.size) / sample_bytes_ - 1,
                            " of the set are not as they were written: their checksum differs; copy the file again, or write "
                            "the set again"));
  }
  checked.store(true, std::memory_order_relaxed);
}

LAMINA_FUNC const std::byte* ShardSource::hold(Index i) const {
  const Index block = i / this->block();
  std::atomic<Index>& users = users_of(block);
  ++users;
  const std::byte* const values = blocks_[static_cast<std::size_t>(block)].values;
  if (values) return values + (i - block * this->block()) * sample_bytes_;
  --users;
  return nullptr;
}

LAMINA_FUNC void ShardSource::copy(Index i, std::byte* values) const {
  if (const std::byte* const held = hold(i)) {
    std::copy_n(held, sample_bytes_, values);
    return release(i);
  }
  const Index block = i / this->block(), s = i / per_shard_;
  if (!blocks_[static_cast<std::size_t>(block)].checked.load(std::memory_order_relaxed))
    read(block, std::make_unique_for_overwrite<std::byte[]>(place_of(block).size).get());
  const OpenShard& shard = shards_[static_cast<std::size_t>(s)];
  shard.file.read(shard.layout.values + static_cast<std::uint64_t>((i - s * per_shard_) * sample_bytes_),
                  {values, static_cast<std::size_t>(sample_bytes_)});
}

LAMINA_FUNC void ShardSource::prefetch(Index i) const {
  // What is prefetched may be dropped meanwhile: that is a hint too much, and no error.
  const std::byte* const held = blocks_[static_cast<std::size_t>(i / block())].values.load(std::memory_order_relaxed);
  if (held) prefetch_begin(held + i % block() * sample_bytes_, sample_bytes_);
}

LAMINA_FUNC void ShardSource::bring(Index block) const {
  std::atomic<std::byte*>& values = blocks_[static_cast<std::size_t>(block)].values;
  std::byte* const room = values ? nullptr : take_room();
  if (!room) return;
  std::byte* none = nullptr;
  try {
    read(block, room);
  } catch (...) {
    give_room(room);
    throw;
  }
  if (!values.compare_exchange_strong(none, room)) give_room(room);
}

LAMINA_FUNC void ShardSource::drop(Index block) const {
  std::byte* const room = blocks_[static_cast<std::size_t>(block)].values.exchange(nullptr);
  if (!room) return;
  while (users_of(block) != 0) std::this_thread::yield();
  give_room(room);
}

LAMINA_FUNC std::byte* ShardSource::take_room() const {
  const std::lock_guard lock(mutex_);
  if (free_.capacity() == 0) {
    const Index rooms = (std::min)(2 * window(), blocks()), size = block() * sample_bytes_;
    memory_.reserve(rooms * size);  // the system provides the pages when they are used
    free_.reserve(static_cast<std::size_t>(rooms));
    for (Index room = rooms; room-- > 0;) free_.push_back(memory_.data() + room * size);
  }
  if (free_.empty()) return nullptr;
  std::byte* const room = free_.back();
  free_.pop_back();
  return room;
}

LAMINA_FUNC void ShardSource::give_room(std::byte* room) const {
  const std::lock_guard lock(mutex_);
  free_.push_back(room);
}

}  // namespace lamina::detail
