#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <utility>

#include "dataset.hpp"
#include "shard_format.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `open_shards`.
struct OpenShardsOptions {
  /// The bytes of values that are in memory at a time while a network is trained. Half of them are a window, whose samples
  /// are shuffled together; into the other half a thread reads the next window.
  std::size_t memory = std::size_t{1} << 28;
};

namespace detail {

/// A sharded data set that was opened, without the rank of its samples.
struct OpenedShards {
  ShardSet set;
  Targets targets;
  std::shared_ptr<const SampleSource> source;
};

/// Opens a set. Throws as open_shards does.
OpenedShards open_sharded_set(const std::filesystem::path& folder, int rank, const OpenShardsOptions& options);

/// Makes a data set of it.
template <int Rank>
Dataset<Rank> dataset_of(OpenedShards&& opened) {
  Shape<Rank> sample{};
  for (int axis = 0; axis < Rank; ++axis) sample[axis] = opened.set.sample[static_cast<std::size_t>(axis)];
  Dataset<Rank> data(std::move(opened.source), opened.set.holds_bytes, sample, std::move(opened.targets), std::move(opened.set.classes));
  data.normalise(opened.set.normalisation);
  data.normalise_targets(opened.set.target_normalisation);
  return data;
}

}  // namespace detail

/// Opens a sharded data set, which write_shards wrote, as a data set that can be larger than memory: open_shards<3> for
/// images, open_shards<1> for rows. It keeps the targets in memory and reads values whenever they are used, so that `fit`,
/// `evaluate`, `split` and all others take it as they take any data set. Copies and parts share the open files.
///
/// An epoch permutes blocks of about 1 MB, takes as many at a time as fit a window, and permutes the samples of the window:
/// see OpenShardsOptions. If the whole set fits one window, the order is that of a set in memory, and so are all results.
///
/// It checks sizes, heads and targets, and each block of samples when it is first read. Throws DataError, which names the
/// file, for a folder that is no whole data set, and for files that are missing, truncated, changed, or of another set.
///
///   const auto [train, test] = split(open_shards<3>("pictures-shards"), Fractions{0.9, 0.1}, Rng{1});
template <int Rank>
Dataset<Rank> open_shards(const std::filesystem::path& folder, const OpenShardsOptions& options = {}) {
  return detail::dataset_of<Rank>(detail::open_sharded_set(folder, Rank, options));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/shards.ipp"
#endif
