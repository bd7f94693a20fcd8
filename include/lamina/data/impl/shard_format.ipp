#pragma once

#include "../shard_format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "../../core/checksum.hpp"
#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE::detail {

inline constexpr std::string_view shard_index_mark = "laminaIX", shard_mark = "laminaSH";
inline constexpr std::uint32_t shard_version = 1, shard_of_bytes = 1, shard_of_floats = 2;

/// Limits of what a header may say, so that no product of them overflows.
inline constexpr Index most_sample_bytes = Index{1} << 32, most_columns = Index{1} << 24, most_per_shard = Index{1} << 28;

LAMINA_FUNC std::string shard_name(Index s) {
  const std::string number = std::to_string(s);
  return std::string(number.size() < 6 ? 6 - number.size() : 0, '0') + number + ".shard";
}

LAMINA_FUNC Index ShardSet::sample_bytes() const {
  Index bytes = holds_bytes ? 1 : 4;
  for (const Index extent : sample) bytes *= extent;
  return bytes;
}

LAMINA_FUNC ShardLayout::ShardLayout(const ShardSet& set, Index many) : samples(many), blocks((many - 1) / set.per_block + 1) {
  constexpr std::uint64_t page = 4096;
  targets = shard_head_size + 8 * static_cast<std::uint64_t>(blocks + 1);
  const std::uint64_t after = targets + static_cast<std::uint64_t>(many) * static_cast<std::uint64_t>(set.target_bytes());
  values = (after + page - 1) / page * page;
  end = values + static_cast<std::uint64_t>(many) * static_cast<std::uint64_t>(set.sample_bytes());
}

/// A writer of numbers, in the machine's byte order: a machine of another order reads another version number and refuses the file.
class ShardWriting {
 public:
  template <typename N>
  ShardWriting& number(N value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ShardWriting& count(Index value) { return number(static_cast<std::uint64_t>(value)); }
  ShardWriting& text(std::string_view text) {
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
    return *this;
  }
  ShardWriting& normalisation(const Normalisation& normalisation) {
    number(static_cast<std::uint32_t>(normalisation.mean.size()));
    for (const auto* numbers : {&normalisation.mean, &normalisation.deviation})
      for (const double value : *numbers) number(value);
    return *this;
  }
  std::vector<std::byte>& bytes() { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/// A reader of a header, which ends with an error where the bytes do.
class ShardReading {
 public:
  ShardReading(std::span<const std::byte> bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  [[noreturn, gnu::cold]] void refuse(std::string_view reason) const { throw DataError(str_cat(name_, ": ", reason)); }
  [[noreturn, gnu::cold]] void refuse_impossible(std::string_view what) const {
    refuse(str_cat("is damaged: its ", what, " is impossible"));
  }

  template <typename N>
  N number() {
    N value{};
    std::memcpy(&value, take(sizeof(N)).data(), sizeof(N));
    return value;
  }

  /// Reads a number of at least `least` and at most `most`.
  Index count(const char* what, Index least, Index most) {
    const auto value = number<std::uint64_t>();
    if (value < static_cast<std::uint64_t>(least) || value > static_cast<std::uint64_t>(most)) refuse_impossible(what);
    return static_cast<Index>(value);
  }

  std::string_view text(std::size_t size) {
    const auto taken = take(size);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  Normalisation normalisation(Index most) {
    const auto many = number<std::uint32_t>();
    if (many < 1 || many > most || left() / 16 < many) refuse_impossible("normalisation");
    Normalisation read{std::vector<double>(many), std::vector<double>(many)};
    for (double& mean : read.mean) mean = number<double>();
    for (double& deviation : read.deviation) deviation = number<double>();
    const auto is_bad = [](double value) { return !std::isfinite(value); };
    if (std::ranges::any_of(read.mean, is_bad) ||
        std::ranges::any_of(read.deviation, [&](double value) { return is_bad(value) || value <= 0; }))
      refuse_impossible("normalisation");
    return read;
  }

  /// Reads what both kinds of files begin with: their mark, a version, the kind of values. Returns whether these are bytes.
  bool begin(std::string_view mark, const char* kind) {
    if (bytes_.size() < mark.size() || text(mark.size()) != mark)
      refuse(str_cat("is not ", kind, " of a sharded data set; write_shards makes one"));
    if (const auto version = number<std::uint32_t>(); version != shard_version)
      refuse(str_cat("is of version ", version, " but this version of lamina reads version ", shard_version,
                     "; write the set again, or use the version that wrote it"));
    const auto values = number<std::uint32_t>();
    if (values != shard_of_bytes && values != shard_of_floats) refuse_impossible("kind of values");
    return values == shard_of_bytes;
  }

  /// Checks the checksum at the end of the bytes and leaves it out from now on. Returns it.
  std::uint64_t check_end() {
    if (left() < 8) refuse("is truncated");
    const auto before = bytes_.first(bytes_.size() - 8);
    std::uint64_t expected = 0;
    std::memcpy(&expected, bytes_.data() + before.size(), 8);
    if (Checksum{}.add(before).value() != expected)
      refuse("is not as it was written: its checksum differs; copy the file again, or write the set again");
    bytes_ = before;
    return expected;
  }

  std::size_t left() const { return bytes_.size() - at_; }

 private:
  std::span<const std::byte> take(std::size_t size) {
    if (size > left()) refuse("is truncated");
    at_ += size;
    return bytes_.subspan(at_ - size, size);
  }

  std::span<const std::byte> bytes_;
  const std::string& name_;
  std::size_t at_ = 0;
};

LAMINA_FUNC std::vector<std::byte> format_shard_index(const ShardSet& set) {
  ShardWriting out;
  out.text(shard_index_mark).number(shard_version).number(set.holds_bytes ? shard_of_bytes : shard_of_floats);
  out.count(set.size).count(set.per_shard).count(set.per_block).count(set.columns).count(set.classes.classes);
  out.count(std::ssize(set.sample));
  for (const Index extent : set.sample) out.count(extent);
  out.number(static_cast<std::uint32_t>(set.classes.class_names.size()));
  for (const std::string& name : set.classes.class_names) out.number(static_cast<std::uint32_t>(name.size())).text(name);
  out.normalisation(set.normalisation).normalisation(set.target_normalisation);
  for (const std::uint64_t checksum : set.shards) out.number(checksum);
  out.number(Checksum{}.add(out.bytes()).value());
  return std::move(out.bytes());
}

LAMINA_FUNC ShardSet parse_shard_index(std::span<const std::byte> bytes, const std::string& name) {
  ShardReading in(bytes, name);
  ShardSet set;
  set.holds_bytes = in.begin(shard_index_mark, "the index");
  in.check_end();
  set.size = in.count("number of samples", 1, Index{1} << 48);
  set.per_shard = in.count("number of samples per shard", 1, most_per_shard);
  set.per_block = in.count("number of samples per block", 1, set.per_shard);
  if (set.per_shard % set.per_block != 0) in.refuse_impossible("number of samples per block");
  set.columns = in.count("number of targets", 0, most_columns);
  set.classes.classes = in.count("number of classes", 1, most_per_shard);
  if (set.columns > 0 && set.classes.classes != set.columns) in.refuse_impossible("number of classes");
  Index bytes_left = most_sample_bytes / (set.holds_bytes ? 1 : 4);
  const Index rank = in.count("number of axes", 1, 8);
  for (Index axis = 0; axis < rank; ++axis) {
    set.sample.push_back(in.count("shape of a sample", 1, bytes_left));
    bytes_left /= set.sample.back();
  }
  const auto names = in.number<std::uint32_t>();
  if (names > 0 && names != set.classes.classes) in.refuse_impossible("number of class names");
  for (std::uint32_t k = 0; k < names; ++k) set.classes.class_names.emplace_back(in.text(in.number<std::uint32_t>()));
  set.normalisation = in.normalisation(set.sample.back());
  set.target_normalisation = in.normalisation((std::max<Index>)(set.columns, 1));
  if (in.left() % 8 != 0 || static_cast<std::uint64_t>(in.left() / 8) != static_cast<std::uint64_t>((set.size - 1) / set.per_shard + 1))
    in.refuse_impossible("number of shards");
  while (in.left() > 0) set.shards.push_back(in.number<std::uint64_t>());
  return set;
}

LAMINA_FUNC std::uint64_t write_shard_head(std::span<std::byte> shard, const ShardSet& set, Index s, const ShardLayout& layout) {
  const auto targets = shard.subspan(layout.targets, static_cast<std::size_t>(layout.samples * set.target_bytes()));
  ShardWriting out;
  out.text(shard_mark).number(shard_version).number(set.holds_bytes ? shard_of_bytes : shard_of_floats);
  out.count(s).count(layout.samples).count(set.per_block).count(set.columns).count(set.sample_bytes());
  out.number(Checksum{}.add(targets).value());
  const auto values = shard.subspan(layout.values);
  const std::size_t block = static_cast<std::size_t>(set.per_block * set.sample_bytes());
  for (std::size_t at = 0; at < values.size(); at += block)
    out.number(Checksum{}.add(values.subspan(at, (std::min)(block, values.size() - at))).value());
  const std::uint64_t checksum = Checksum{}.add(out.bytes()).value();
  out.number(checksum);
  std::copy(out.bytes().begin(), out.bytes().end(), shard.begin());
  return checksum;
}

LAMINA_FUNC Index parse_shard_samples(std::span<const std::byte> bytes, std::uint64_t file_size, const ShardSet& set, Index s,
                                      const std::string& name) {
  ShardReading in(bytes, name);
  const bool of_bytes = in.begin(shard_mark, "a shard");
  if (bytes.size() < shard_head_size) in.refuse("is truncated");
  const Index number = in.count("number", 0, (std::numeric_limits<Index>::max)());
  const Index samples = in.count("number of samples", 1, most_per_shard);
  const Index per_block = in.count("number of samples per block", 1, most_per_shard);
  const Index columns = in.count("number of targets", 0, most_columns);
  const Index sample_bytes = in.count("number of bytes per sample", 1, most_sample_bytes);
  if (number != s) in.refuse(str_cat("is shard ", number, " of its set but stands in the place of shard ", s));
  if (of_bytes != set.holds_bytes || per_block != set.per_block || columns != set.columns || sample_bytes != set.sample_bytes() ||
      samples > set.per_shard)
    in.refuse("is a shard of another data set; the files of one set belong together");
  if (const std::uint64_t end = ShardLayout(set, samples).end; file_size != end)
    in.refuse(str_cat("has ", file_size, " bytes but should have ", end,
                      file_size < end ? "; it is truncated: copy it again, or write the set again" : "; something was written to its end"));
  return samples;
}

LAMINA_FUNC ShardHead parse_shard_head(std::span<const std::byte> bytes, Index samples, const std::string& name) {
  ShardReading in(bytes, name);
  ShardHead head{.samples = samples};
  head.checksum = in.check_end();
  in.text(shard_head_size - 8);
  head.targets = in.number<std::uint64_t>();
  while (in.left() >= 8) head.blocks.push_back(in.number<std::uint64_t>());
  return head;
}

}  // namespace lamina::detail
