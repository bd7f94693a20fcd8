#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "batches.hpp"
#include "dataset.hpp"
#include "part_sizes.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The samples of each part; other samples are left out.
using Parts = std::vector<std::vector<Index>>;

template <int Rank, std::size_t... part>
std::array<Dataset<Rank>, sizeof...(part)> subsets(const Dataset<Rank>& dataset, const Parts& parts,
                                                   std::index_sequence<part...>) {
  return {dataset.subset(parts[part])...};
}

}  // namespace detail

/// Splits a data set at random into parts of these Fractions, which sum to at most 1, or of these Counts, which sum to at
/// most N. Other samples are left out. Fractions are rounded so that the parts fit N (largest remainders). The parts are
/// copies. Throws OptionError.
///
///   const auto [train, validation, test] = split(all, Fractions{0.85, 0.075, 0.075}, Rng{1});
///   const auto [some] = split(all, Counts{1000}, Rng{1});
template <int Rank, template <std::size_t> typename Sizes, std::size_t parts>
std::array<Dataset<Rank>, parts> split(const Dataset<Rank>& dataset, const Sizes<parts>& sizes, Rng rng) {
  const std::vector<Index> order = epoch_order(dataset.size(), rng);
  detail::Parts samples;
  auto next = order.begin();
  for (const Index size : detail::part_sizes(sizes, dataset.size())) {
    samples.emplace_back(next, next + size);
    next += size;
  }
  return detail::subsets(dataset, samples, std::make_index_sequence<parts>());
}

/// Does the same class by class, with parts of the same sizes: each part gets its share of every class to within one
/// sample. Throws OptionError also if the samples have target rows instead of class numbers.
template <int Rank, template <std::size_t> typename Sizes, std::size_t parts>
std::array<Dataset<Rank>, parts> stratified_split(const Dataset<Rank>& dataset, const Sizes<parts>& sizes, Rng rng) {
  if (!dataset.has_labels())
    throw OptionError("stratified_split: expects class numbers but the data set has target rows; use split");
  std::vector<std::vector<Index>> open =
      detail::shares(dataset.class_counts(), detail::part_sizes(sizes, dataset.size()));
  detail::Parts samples(parts + 1);
  for (const Index i : epoch_order(dataset.size(), rng)) {
    std::vector<Index>& shares = open[static_cast<std::size_t>(dataset.labels()[static_cast<std::size_t>(i)])];
    std::size_t part = 0;
    while (shares[part] == 0) ++part;
    --shares[part];
    samples[part].push_back(i);
  }
  return detail::subsets(dataset, samples, std::make_index_sequence<parts>());
}

}  // namespace lamina
