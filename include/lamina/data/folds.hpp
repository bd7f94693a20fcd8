#pragma once

#include <cstddef>
#include <vector>

#include "../core/random.hpp"
#include "batches.hpp"
#include "dataset.hpp"
#include "part_sizes.hpp"

namespace LAMINA_NAMESPACE {

/// One split of a k-fold cross-validation: the numbers of the samples to train on, and of those held out.
struct Fold {
  std::vector<Index> train, held_out;
};

namespace detail {

/// Returns the sizes of k parts of N samples, as equal as possible, the larger ones first.
std::vector<Index> fold_sizes(Index N, Index k);

/// Returns the folds. `holds_out` gives, for each sample of this order, the fold that holds it out.
std::vector<Fold> folds_of(const std::vector<Index>& order, const std::vector<std::size_t>& holds_out,
                                  std::size_t k);

}  // namespace detail

/// Assigns N samples at random to k folds: every sample is held out once, and the folds differ by at most one in size.
/// Throws OptionError for fewer than 2 folds and for more than there are samples.
std::vector<Fold> k_folds(Index N, Index k, Rng rng);

/// Does the same class by class: each fold holds out its share of every class to within one sample. Throws OptionError
/// also if the samples have target rows instead of class numbers.
///
///   for (const auto& [train, held_out] : stratified_k_folds(digits, 5, Rng{1})) … digits.subset(train) …
template <int Rank>
std::vector<Fold> stratified_k_folds(const Dataset<Rank>& dataset, Index k, Rng rng) {
  if (!dataset.has_labels())
    throw OptionError("stratified_k_folds: expects class numbers but the data set has target rows; use k_folds");
  auto open = detail::shares(dataset.class_counts(), detail::fold_sizes(dataset.size(), k));
  const std::vector<Index> order = epoch_order(dataset.size(), rng);
  std::vector<std::size_t> holds_out;
  for (const Index i : order) {
    std::vector<Index>& shares = open[static_cast<std::size_t>(dataset.labels()[static_cast<std::size_t>(i)])];
    std::size_t fold = 0;
    while (shares[fold] == 0) ++fold;
    --shares[fold];
    holds_out.push_back(fold);
  }
  return detail::folds_of(order, holds_out, static_cast<std::size_t>(k));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/folds.ipp"
#endif
