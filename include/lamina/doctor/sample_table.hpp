#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../data/batches.hpp"

// What the doctor knows of a data set, without the rank of its samples: everything that looks at it is compiled once.
namespace lamina::detail {

/// Some samples of a data set, as the network sees them.
struct SampleTable {
  std::vector<Index> samples{};        // their numbers in the data set, in order
  std::vector<float> values{};         // sample after sample, (samples, H · W · C) or (samples, F)
  std::vector<std::int32_t> labels{};  // or none: the data set has target rows
  Index classes = 0;
  Index H = 0, W = 0, C = 0;  // of an image; of a row, 1, F, 1
  bool images = false;

  Index size() const { return static_cast<Index>(samples.size()); }
  Index features() const { return H * W * C; }
  const float* row(Index i) const { return values.data() + i * features(); }
};

/// At most `most` of `size` numbers, drawn without replacement, in ascending order.
inline std::vector<Index> drawn(Index size, Index most, const Rng& rng) {
  std::vector<Index> all(static_cast<std::size_t>(size));
  draw_order(all, rng);
  if (size > most) all.resize(static_cast<std::size_t>(most));
  std::sort(all.begin(), all.end());
  return all;
}

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

/// What tells a sample from another: a number of 64 bits, and whether all its values are one.
struct Fingerprint {
  std::uint64_t digest = 0;
  bool constant = true;
};

inline Fingerprint fingerprint(const float* values, Index n) {
  std::uint64_t digest = 0x9E3779B97F4A7C15 * static_cast<std::uint64_t>(n);
  bool constant = true;
  for (Index i = 0; i < n; ++i) {
    constant = constant && values[i] == values[0];
    // 0 and −0 are one number; steps and constants of MurmurHash3's finaliser
    digest ^= std::bit_cast<std::uint32_t>(values[i] == 0 ? 0.0F : values[i]);
    digest = (digest ^ (digest >> 33)) * 0xFF51AFD7ED558CCD;
    digest = (digest ^ (digest >> 33)) * 0xC4CEB9FE1A85EC53;
  }
  return {digest, constant};
}

/// Of the data's own values, before normalisation, of the first `most` samples.
template <int Rank>
std::vector<Fingerprint> fingerprints(const Dataset<Rank>& data, Index most) {
  std::vector<Fingerprint> prints;
  std::vector<float> values(static_cast<std::size_t>(data.sample_shape().size()));
  for (Index i = 0; i < std::min(most, data.size()); ++i) {
    data.read_plain(i, values.data());
    prints.push_back(fingerprint(values.data(), std::ssize(values)));
  }
  return prints;
}

}  // namespace lamina::detail
