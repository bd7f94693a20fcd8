#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../data/dataset.hpp"

// The diagnosis uses this table of a data set, without the rank of its samples, so that its checks are compiled once.
namespace LAMINA_NAMESPACE::detail {

/// A table of some samples of a data set as the network sees them.
struct SampleTable {
  std::vector<Index> samples{};        // their numbers in the data set, in order
  std::vector<float> values{};         // sample after sample, (samples, H · W · C) or (samples, F)
  std::vector<std::int32_t> labels{};  // empty if the data set has target rows
  Index classes = 0;
  Index H = 0, W = 0, C = 0;  // of an image; 1, F, 1 for a row
  bool images = false;

  Index size() const { return static_cast<Index>(samples.size()); }
  Index features() const { return H * W * C; }
  const float* row(Index i) const { return values.data() + i * features(); }
};

/// Returns at most `most` of `size` numbers, drawn without replacement, in ascending order.
std::vector<Index> drawn(Index size, Index most, const Rng& rng);

template <int Rank>
SampleTable sample_table(const Dataset<Rank>& data, std::vector<Index> samples) {
  SampleTable table{.samples = std::move(samples), .classes = data.classes(), .images = Rank == 3};
  const Shape<Rank>& extents = data.sample_shape();
  table.C = Rank == 3 ? extents[Rank - 1] : 1;
  table.H = Rank == 3 ? extents[0] : 1;
  table.W = extents.size() / (table.C * table.H);
  table.values.resize(static_cast<std::size_t>(table.size() * table.features()));
  for (Index i = 0; i < table.size(); ++i) {
    const Index sample = table.samples[static_cast<std::size_t>(i)];
    data.read(sample, table.values.data() + i * table.features());
    if (data.has_labels()) table.labels.push_back(data.labels()[static_cast<std::size_t>(sample)]);
  }
  return table;
}

/// A fingerprint of a sample: a 64-bit number, and whether all its values are equal.
struct Fingerprint {
  std::uint64_t digest = 0;
  bool constant = true;
};

Fingerprint fingerprint(const float* values, Index n);

/// Returns the fingerprints of the first `most` samples, from the data's own values before normalisation.
template <int Rank>
std::vector<Fingerprint> fingerprints(const Dataset<Rank>& data, Index most) {
  std::vector<Fingerprint> prints;
  std::vector<float> values(static_cast<std::size_t>(data.sample_shape().size()));
  for (Index i = 0; i < (std::min)(most, data.size()); ++i) {
    data.read_plain(i, values.data());
    prints.push_back(fingerprint(values.data(), std::ssize(values)));
  }
  return prints;
}

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/sample_table.ipp"
#endif
