#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <utility>

#include "../core/function_ref.hpp"
#include "../core/thread_pool.hpp"
#include "dataset.hpp"
#include "shard_format.hpp"

namespace LAMINA_NAMESPACE {

/// The options of `write_shards`.
struct WriteShardsOptions {
  std::size_t shard_bytes = std::size_t{1} << 26;  ///< of each file, about; the writer holds one file in memory
  Index threads = hardware_threads();              ///< that read, or decode, the samples of a data set
  bool progress = false;                           ///< shows progress on standard output
};

/// A sample that the callback of a SampleStream fills in.
template <typename V>
struct StreamedSample {
  std::span<V> values{};       // (sample…), row-major
  std::int32_t label = 0;      // the class number …
  std::span<float> targets{};  // … or the numbers of the target row
};

/// Samples that a callback yields one after another, for write_shards.
template <int Rank, detail::DataValue V = std::uint8_t>
struct SampleStream {
  Shape<Rank> sample{};        ///< of one sample: (H, W, C) or (F)
  DatasetOptions classes{};    ///< as of a Dataset
  Index targets = 0;           ///< numbers of a target row; 0: samples have class numbers
  Normalisation normalisation{}, target_normalisation{};

  /// Fills in sample i and returns true, or returns false if there are no more. It is called for 0, 1, 2, …; when an
  /// interrupted write goes on, from the first sample that is not on disk.
  std::function<bool(Index i, StreamedSample<V>& to)> next{};
};

namespace detail {

/// The samples that become a sharded data set, without their types.
struct ShardFeed {
  /// The room for consecutive samples and their targets.
  struct Room {
    std::byte* values;
    std::int32_t* labels;  // null if there are target rows,
    float* targets;        // otherwise this one
  };

  ShardSet set;                         // without sizes
  const Targets* targets = nullptr;     // of all samples, if they are known
  FunctionRef<Index(Index first, Index most, const Room& room)> read;  // returns how many samples there were
};

/// Writes a set. Returns its size. Throws as write_shards does.
Index write_sharded_set(const std::filesystem::path& folder, ShardFeed feed, const WriteShardsOptions& options);

/// Copies consecutive targets to a room.
void copy_targets(const Targets& targets, Index first, Index many, const ShardFeed::Room& room);

}  // namespace detail

/// Writes a data set to a folder as files of about `.shard_bytes`, for open_shards: values, targets, names, normalisation.
/// The source can be any Dataset, also one whose images are decoded as they are used (image_folder with `.streamed`), or a
/// SampleStream. Returns the number of samples.
///
/// Files are written under temporary names and renamed, the index last, so that an unfinished folder is never taken for a
/// data set. If the program is killed, the same call goes on with the first file that is missing; if all are there, it writes
/// nothing. Throws DataError if the folder has another data set, cannot be written, or is written by another process, and if
/// a target is outside the classes or not finite. Throws OptionError for invalid options.
///
///   write_shards("pictures-shards", image_folder("pictures", {.size = {{64, 64}}, .streamed = true}).data, {.progress = true});
template <int Rank>
Index write_shards(const std::filesystem::path& folder, const Dataset<Rank>& data, const WriteShardsOptions& options = {}) {
  detail::ShardSet set{.holds_bytes = data.holds_bytes(),
                       .sample = {data.sample_shape().extents.begin(), data.sample_shape().extents.end()},
                       .columns = data.has_labels() ? 0 : data.targets().dimension(1),
                       .classes = {data.classes(), data.class_names()},
                       .normalisation = data.normalisation(),
                       .target_normalisation = data.target_normalisation()};
  const Targets targets = data.has_labels() ? Targets(data.labels()) : Targets(data.targets());
  ThreadPool thread_pool((std::max<Index>)(options.threads, 1));
  const auto read = [&](Index first, Index most, const detail::ShardFeed::Room& room) {
    const Index many = (std::min)(most, data.size() - first), n = data.sample_shape().size();
    thread_pool.parallel_for(many, [&](Index, Index i) {
      if (data.holds_bytes())
        data.read_stored(first + i, reinterpret_cast<std::uint8_t*>(room.values) + i * n);
      else
        data.read_stored(first + i, reinterpret_cast<float*>(room.values) + i * n);
    });
    detail::copy_targets(targets, first, many, room);
    return many;
  };
  return detail::write_sharded_set(folder, {std::move(set), &targets, read}, options);
}

/// Does the same with samples that a callback yields.
///
///   write_shards("noise", SampleStream<3>{.sample = {32, 32, 3}, .classes = {10}, .next = [&](Index i, auto& to) { … }});
template <int Rank, typename V>
Index write_shards(const std::filesystem::path& folder, const SampleStream<Rank, V>& stream, const WriteShardsOptions& options = {}) {
  if (!stream.next) throw OptionError("write_shards: expects a callback .next but got an empty function");
  detail::ShardSet set{.holds_bytes = std::same_as<V, std::uint8_t>,
                       .sample = {stream.sample.extents.begin(), stream.sample.extents.end()},
                       .columns = stream.targets,
                       .classes = stream.classes,
                       .normalisation = stream.normalisation,
                       .target_normalisation = stream.target_normalisation};
  const auto read = [&](Index first, Index most, const detail::ShardFeed::Room& room) {
    const Index n = stream.sample.size(), K = stream.targets;
    Index i = 0;
    for (; i < most; ++i) {
      StreamedSample<V> sample{.values = {reinterpret_cast<V*>(room.values) + i * n, static_cast<std::size_t>(n)}};
      if (K > 0) sample.targets = {room.targets + i * K, static_cast<std::size_t>(K)};
      if (!stream.next(first + i, sample)) break;
      if (K == 0) room.labels[i] = sample.label;
    }
    return i;
  };
  return detail::write_sharded_set(folder, {std::move(set), nullptr, read}, options);
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/write_shards.ipp"
#endif
