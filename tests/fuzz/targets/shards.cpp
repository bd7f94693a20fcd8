// Sharded data sets: the first four bytes are the length of an index, which follows; the rest is a shard. What is read is
// written again the same. Checksums are corrected first, because otherwise no code after them would be reached.

#include <algorithm>
#include <cstring>

#include <lamina/core/checksum.hpp>
#include <lamina/data/shard_format.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;

template <typename N>
void put(fuzz::Bytes& file, std::size_t place, N number) {
  std::memcpy(file.data() + place, &number, sizeof(N));
}

void correct(fuzz::Bytes& bytes, std::size_t size) {
  if (bytes.size() >= size && size >= 8)
    put(bytes, size - 8, detail::Checksum{}.add(std::span<const std::byte>(bytes).first(size - 8)).value());
}

void read(std::span<const std::byte> file) {
  std::uint32_t length = 0;
  if (file.size() < sizeof(length)) throw DataError("is too short");
  std::memcpy(&length, file.data(), sizeof(length));
  file = file.subspan(sizeof(length));
  const auto cut = (std::min<std::size_t>)(length, file.size());
  fuzz::Bytes index(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(cut));
  fuzz::Bytes shard(file.begin() + static_cast<std::ptrdiff_t>(cut), file.end());
  correct(index, index.size());
  const detail::ShardSet set = detail::parse_shard_index(index, "x");
  fuzz::require(detail::format_shard_index(set) == index, "an index is not what was read from it");
  fuzz::require(std::ssize(set.shards) == (set.size - 1) / set.per_shard + 1, "an index has another number of shards");

  const std::span<const std::byte> bytes(shard);
  const Index samples = detail::parse_shard_samples(bytes.first((std::min)(bytes.size(), detail::shard_head_size)), bytes.size(), set, 0, "x");
  const detail::ShardLayout layout(set, samples);
  fuzz::require(layout.end == shard.size() && layout.targets < layout.values, "a shard's parts are outside its file");
  correct(shard, static_cast<std::size_t>(layout.targets));
  const detail::ShardHead head = detail::parse_shard_head(bytes.first(layout.targets), samples, "x");
  fuzz::require(std::ssize(head.blocks) == layout.blocks, "a head has another number of blocks");
  fuzz::Bytes again = shard;
  const std::uint64_t checksum = detail::write_shard_head(again, set, 0, layout);
  const bool values_are_right = std::equal(again.begin() + 56, again.begin() + static_cast<std::ptrdiff_t>(layout.targets), shard.begin() + 56);
  fuzz::require(!values_are_right || (again == shard && checksum == head.checksum), "a head is not what was read from it");
}

fuzz::Bytes file_of(detail::ShardSet set, Index samples) {
  const detail::ShardLayout layout(set, samples);
  fuzz::Bytes shard(static_cast<std::size_t>(layout.end));
  for (std::size_t i = static_cast<std::size_t>(layout.values); i < shard.size(); ++i) shard[i] = static_cast<std::byte>(i % 64);
  set.shards.assign(static_cast<std::size_t>((set.size - 1) / set.per_shard + 1), detail::write_shard_head(shard, set, 0, layout));
  const fuzz::Bytes index = detail::format_shard_index(set);
  fuzz::Bytes file(4);
  put(file, 0, static_cast<std::uint32_t>(index.size()));
  file.insert(file.end(), index.begin(), index.end());
  file.insert(file.end(), shard.begin(), shard.end());
  return file;
}

std::vector<fuzz::Bytes> seeds() {
  return {file_of({.sample = {2, 3, 1}, .classes = {2, {"a", "b"}}, .size = 7, .per_shard = 4, .per_block = 2}, 4),
          file_of({.holds_bytes = false, .sample = {5}, .columns = 2, .classes = {2, {}}, .normalisation = {{1, 2, 3, 4, 5}, {1, 1, 1, 1, 1}},
                   .target_normalisation = {{1, 2}, {3, 4}}, .size = 3, .per_shard = 8, .per_block = 8}, 3),
          file_of({.sample = {1}, .classes = {1, {}}, .size = 1, .per_shard = 1, .per_block = 1}, 1)};
}

const fuzz::Known known({"shards", read, [](std::size_t size) { return 64 * size + 8192; }, seeds});

}  // namespace
