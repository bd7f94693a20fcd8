#pragma once

#include "../shards.hpp"

#include <algorithm>
#include <span>

#include "../../core/files.hpp"
#include "../../core/printable.hpp"
#include "../shard_source.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Throws DataError for a folder without an index.
[[noreturn, gnu::cold]] LAMINA_FUNC void refuse_folder(const std::filesystem::path& folder) {
  std::error_code unknown;
  const std::string name = printable(folder.string());
  if (!std::filesystem::is_directory(folder, unknown))
    throw DataError(str_cat(name, ": there is no such folder; write_shards makes a sharded data set"));
  if (std::filesystem::exists(folder / shard_name(0), unknown))
    throw DataError(str_cat(name, ": is not finished: it has shards but no ", shard_index_name,
                            ", which write_shards writes last; call write_shards again to go on"));
  throw DataError(str_cat(name, ": is no sharded data set: it has no ", shard_index_name, "; write_shards makes one"));
}

/// Returns the targets of all shards.
LAMINA_FUNC Targets read_shard_targets(const ShardSet& set, std::span<const OpenShard> shards) {
  std::vector<std::int32_t> labels;
  std::vector<float> rows;
  for (const OpenShard& shard : shards) shard.read_targets(set, labels, rows);
  if (set.columns == 0) return labels;
  Tensor<float, 2> targets(static_cast<Index>(rows.size()) / set.columns, set.columns);
  std::copy(rows.begin(), rows.end(), targets.data());
  return targets;
}

LAMINA_FUNC OpenedShards open_sharded_set(const std::filesystem::path& folder, int rank, const OpenShardsOptions& options) {
  const auto index = folder / shard_index_name;
  std::error_code unknown;
  if (!std::filesystem::exists(index, unknown)) refuse_folder(folder);
  const std::string name = printable(folder.string());
  OpenedShards opened{parse_shard_index(read_file(index), printable(index.string())), {}, {}};
  ShardSet& set = opened.set;
  if (std::ssize(set.sample) != rank)
    throw DataError(str_cat(name, ": has samples of ", format_shape(set.sample), "; open it with open_shards<", set.sample.size(), ">"));
  std::vector<OpenShard> shards;
  for (Index s = 0; s < std::ssize(set.shards); ++s) {
    const OpenShard& shard = shards.emplace_back(folder, set, s);
    const std::string file = printable(shard.file.path().string());
    if (shard.layout.samples != set.samples_of(s) || shard.head.checksum != set.shards[static_cast<std::size_t>(s)])
      throw DataError(str_cat(file, ": is not the shard that ", shard_index_name,
                              " names: it is of another data set, or was written again; the files of one set belong together"));
  }
  opened.targets = read_shard_targets(set, shards);
  const Index memory = static_cast<Index>((std::min)(options.memory / 2, std::size_t{1} << 60));
  const Index window = (std::max<Index>)(memory / (set.per_block * set.sample_bytes()), 1);
  opened.source = std::make_shared<const ShardSource>(set, std::move(shards), window);
  return opened;
}

}  // namespace lamina::detail
