#pragma once

#include "../write_shards.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <vector>

#include "../../core/files.hpp"
#include "../../core/folder_lock.hpp"
#include "../../core/printable.hpp"
#include "../../core/terminal.hpp"
#include "../../core/text.hpp"
#include "../../core/write_file.hpp"
#include "../shard_source.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC void copy_targets(const Targets& targets, Index first, Index many, const ShardFeed::Room& room) {
  const Index K = targets.targets.dimension(1);
  if (targets.has_labels())
    std::copy_n(targets.labels.data() + first, many, room.labels);
  else
    std::copy_n(targets.targets.data() + first * K, many * K, room.targets);
}

/// A line on standard output that tells how many samples are written: redrawn in a terminal, otherwise every ten seconds.
class ShardProgress {
  using Clock = std::chrono::steady_clock;

 public:
  ShardProgress(bool shown, Index total) : shown_(shown), total_(total), terminal_(Terminal::detect(stdout)) {}

  void show(Index written) {
    const auto now = Clock::now();
    if (!shown_ || (!terminal_.interactive && now - last_ < std::chrono::seconds(10))) return;
    last_ = now;
    const std::string of = total_ > 0 ? " of " + format_count(total_) : std::string();
    std::cout << (terminal_.interactive ? "\r" : "") << format_count(written) << of << " samples written"
              << (terminal_.interactive ? "" : "\n") << std::flush;
  }

  void finish(Index written, Index before, Index shards) {
    if (!shown_) return;
    std::cout << (terminal_.interactive ? "\r" : "") << format_count(written) << " samples in " << format_count(shards) << " shards, ";
    if (before > 0) std::cout << format_count(before) << " of them from before, ";
    std::cout << format_duration(std::chrono::duration<double>(Clock::now() - start_).count()) << std::endl;
  }

 private:
  bool shown_;
  Index total_;
  Terminal terminal_;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

/// A writer of one sharded data set.
class ShardSetWriter {
 public:
  ShardSetWriter(const std::filesystem::path& folder, ShardFeed feed, const WriteShardsOptions& options)
      : folder_(folder), name_(printable(folder.string())), feed_(std::move(feed)), set_(feed_.set),
        progress_(options.progress, feed_.targets ? feed_.targets->size() : 0) {
    check(options);
    constexpr Index block_bytes = Index{1} << 20;
    const Index bytes = set_.sample_bytes(), per_shard = static_cast<Index>((std::min)(options.shard_bytes, std::size_t{1} << 40)) / bytes;
    set_.per_block = std::clamp<Index>(block_bytes / bytes, 1, (std::max<Index>)(per_shard, 1));
    set_.per_shard = std::clamp<Index>(per_shard / set_.per_block, 1, (Index{1} << 28) / set_.per_block) * set_.per_block;
  }

  /// Writes what is missing. Returns the number of samples.
  Index write() {
    make_folder(folder_);
    const FolderLock lock(folder_);
    std::error_code unknown;
    if (std::filesystem::exists(folder_ / shard_index_name, unknown)) return take_whole();
    while (std::filesystem::exists(folder_ / shard_name(std::ssize(set_.shards)), unknown) && take()) {
    }
    const Index before = set_.size;
    while (write_next()) progress_.show(set_.size);
    if (set_.size == 0) throw DataError(str_cat("write_shards: expects at least one sample but got none; ", name_, " stays unfinished"));
    settle();
    write_file(folder_ / shard_index_name, format_shard_index(set_));
    progress_.finish(set_.size, before, std::ssize(set_.shards));
    return set_.size;
  }

 private:
  void check(const WriteShardsOptions& options) const {
    if (options.shard_bytes < 1) throw OptionError("write_shards: expects .shard_bytes of at least 1 but got 0");
    if (options.threads < 1) throw OptionError(str_cat("write_shards: expects .threads of at least 1 but got ", options.threads));
    if (set_.columns < 0) throw OptionError(str_cat("write_shards: expects .targets of at least 0 but got ", set_.columns));
    Index left = Index{1} << 32;
    for (const Index extent : set_.sample) {
      if (extent < 1 || extent > left)
        throw OptionError(str_cat("write_shards: expects samples of extents of at least 1 and of at most 4 GB but got ", format_shape(set_.sample)));
      left /= extent;
    }
    affine(set_.normalisation, set_.sample.back(), 1);
    check_target_normalisation("write_shards", set_.target_normalisation, (std::max<Index>)(set_.columns, 1));
    const auto names = std::ssize(set_.classes.class_names);
    if (const Index classes = set_.columns > 0 ? set_.columns : set_.classes.classes; names > 0 && classes > 0 && names != classes)
      throw OptionError(str_cat("write_shards: expects a name for each of the ", classes, " classes but got ", names));
  }

  [[noreturn]] void refuse_other(std::string_view difference) const {
    throw DataError(str_cat(name_, ": has another data set, whose ", difference, "; remove the folder, or give another one"));
  }

  /// Opens shard s, which was written before. Throws DataError, which tells how to write it again.
  OpenShard open(const ShardSet& set, Index s) const;

  /// Compares the first sample of a shard, and all its targets, with those of this set, if they can be read again.
  void compare(const OpenShard& shard, Index first);

  /// Takes the next shard, which was written before. Returns false for a smaller one, which is written again: the source may
  /// have grown.
  bool take();

  /// Checks that the folder's finished set is this one. Returns its size.
  Index take_whole();

  /// Writes the next shard. Returns whether there may be another.
  bool write_next();

  /// Throws DataError unless these targets are of the classes, or finite.
  void check_targets(const std::vector<std::int32_t>& labels, const std::vector<float>& rows) const;

  /// Determines the number of classes when all targets are known.
  void settle();

  std::filesystem::path folder_;
  std::string name_;  // for errors
  ShardFeed feed_;
  ShardSet set_;      // as far as it is written
  ShardProgress progress_;
  std::vector<std::byte> shard_;      // the file that is written next
  std::vector<std::int32_t> labels_;  // of all samples that are written
  std::vector<float> rows_;
};

[[gnu::cold]] LAMINA_FUNC OpenShard ShardSetWriter::open(const ShardSet& set, Index s) const {
  try {
    return {folder_, set, s};
  } catch (const DataError& error) {
    throw DataError(str_cat(error.what(), ". To write it again, remove it and ", shard_index_name, " and call write_shards"));
  }
}

[[gnu::cold]] LAMINA_FUNC void ShardSetWriter::compare(const OpenShard& shard, Index first) {
  if (!feed_.targets) return;
  const Index many = shard.layout.samples;
  if (first + many > feed_.targets->size()) refuse_other("samples are more than here");
  std::vector<std::int32_t> labels, own_labels(static_cast<std::size_t>(set_.columns > 0 ? 0 : many));
  std::vector<float> rows, own_rows(static_cast<std::size_t>(many * set_.columns));
  shard.read_targets(set_, labels, rows);
  copy_targets(*feed_.targets, first, many, {nullptr, own_labels.data(), own_rows.data()});
  if (labels != own_labels || rows != own_rows) refuse_other("targets differ");
  std::vector<std::byte> stored(static_cast<std::size_t>(set_.sample_bytes())), own(stored.size());
  shard.file.read(shard.layout.values, stored);
  std::int32_t label = 0;
  std::vector<float> row(static_cast<std::size_t>(set_.columns));
  feed_.read(first, 1, {own.data(), &label, row.data()});
  if (stored != own) refuse_other("samples differ");
}

[[gnu::cold]] LAMINA_FUNC bool ShardSetWriter::take() {
  const OpenShard shard = open(set_, std::ssize(set_.shards));
  if (shard.layout.samples < set_.per_shard) return false;
  compare(shard, set_.size);
  shard.read_targets(set_, labels_, rows_);
  set_.size += shard.layout.samples;
  set_.shards.push_back(shard.head.checksum);
  return true;
}

[[gnu::cold]] LAMINA_FUNC Index ShardSetWriter::take_whole() {
  const auto index = folder_ / shard_index_name;
  const ShardSet whole = parse_shard_index(read_file(index), printable(index.string()));
  const auto same = [](const Normalisation& a, const Normalisation& b) { return a.mean == b.mean && a.deviation == b.deviation; };
  if (whole.holds_bytes != set_.holds_bytes || whole.sample != set_.sample || whole.columns != set_.columns)
    refuse_other("samples have another shape or type");
  if (whole.classes.class_names != set_.classes.class_names || (set_.classes.classes > 0 && whole.classes.classes != set_.classes.classes))
    refuse_other("classes differ");
  if (!same(whole.normalisation, set_.normalisation) || !same(whole.target_normalisation, set_.target_normalisation))
    refuse_other("normalisation differs");
  if (feed_.targets && whole.size != feed_.targets->size()) refuse_other(str_cat("samples are ", whole.size, ", not ", feed_.targets->size()));
  for (Index s = 0; s < std::ssize(whole.shards); ++s) compare(open(whole, s), s * whole.per_shard);
  progress_.finish(whole.size, whole.size, std::ssize(whole.shards));
  return whole.size;
}

LAMINA_FUNC void ShardSetWriter::check_targets(const std::vector<std::int32_t>& labels, const std::vector<float>& rows) const {
  const Index classes = set_.classes.classes > 0 ? set_.classes.classes : std::ssize(set_.classes.class_names);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] < 0 || (classes > 0 && labels[i] >= classes))
      throw DataError(str_cat("write_shards: label ", labels[i], " of sample ", set_.size + static_cast<Index>(i), " is ",
                              labels[i] < 0 ? std::string("negative") : str_cat("outside the ", classes, " classes 0 … ", classes - 1),
                              "; labels count from 0"));
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (!std::isfinite(rows[k]))
      throw DataError(str_cat("write_shards: target ", static_cast<Index>(k) % set_.columns, " of sample ",
                              set_.size + static_cast<Index>(k) / set_.columns, " is ", rows[k], "; targets have to be finite"));
}

LAMINA_FUNC bool ShardSetWriter::write_next() {
  const ShardLayout most(set_, set_.per_shard);
  shard_.resize(most.end);
  std::vector<std::int32_t> labels(static_cast<std::size_t>(set_.columns > 0 ? 0 : set_.per_shard));
  std::vector<float> rows(static_cast<std::size_t>(set_.per_shard * set_.columns));
  const Index many = feed_.read(set_.size, set_.per_shard, {shard_.data() + most.values, labels.data(), rows.data()});
  if (many == 0) return false;
  labels.resize(set_.columns > 0 ? 0 : static_cast<std::size_t>(many));
  rows.resize(static_cast<std::size_t>(many * set_.columns));
  check_targets(labels, rows);

  const ShardLayout layout(set_, many);
  const auto place = [&](std::uint64_t at) { return shard_.begin() + static_cast<std::ptrdiff_t>(at); };
  if (many < set_.per_shard)
    std::copy(place(most.values), place(most.values + (layout.end - layout.values)), place(layout.values));
  std::fill(place(layout.targets), place(layout.values), std::byte{});
  const auto targets = set_.columns > 0 ? std::as_bytes(std::span(rows)) : std::as_bytes(std::span(labels));
  std::copy(targets.begin(), targets.end(), place(layout.targets));
  const auto bytes = std::span(shard_).first(layout.end);
  const Index s = std::ssize(set_.shards);
  set_.shards.push_back(write_shard_head(bytes, set_, s, layout));
  write_file(folder_ / shard_name(s), bytes);
  set_.size += many;
  labels_.insert(labels_.end(), labels.begin(), labels.end());
  rows_.insert(rows_.end(), rows.begin(), rows.end());
  return many == set_.per_shard;
}

LAMINA_FUNC void ShardSetWriter::settle() {
  Targets targets(std::move(labels_));
  if (set_.columns > 0) {
    reshape(targets.targets, Shape{set_.size, set_.columns});
    std::copy(rows_.begin(), rows_.end(), targets.targets.data());
  }
  settle_classes(targets, set_.size, set_.classes);
}

LAMINA_FUNC Index write_sharded_set(const std::filesystem::path& folder, ShardFeed feed, const WriteShardsOptions& options) {
  return ShardSetWriter(folder, std::move(feed), options).write();
}

}  // namespace lamina::detail
