#pragma once

#include "../folds.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<Index> fold_sizes(Index N, Index k) {
  if (k < 2) throw OptionError(str_cat("folds: expects at least 2 folds but got ", k));
  if (k > N)
    throw OptionError(str_cat("folds: expects at most as many folds as there are samples, ", N, ", but got ", k));
  std::vector<Index> sizes;
  for (Index fold = 0; fold < k; ++fold) sizes.push_back(N / k + (fold < N % k ? 1 : 0));
  return sizes;
}

LAMINA_FUNC std::vector<Fold> folds_of(const std::vector<Index>& order, const std::vector<std::size_t>& holds_out,
                                  std::size_t k) {
  std::vector<Fold> folds(k);
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t fold = 0; fold < k; ++fold)
      (fold == holds_out[i] ? folds[fold].held_out : folds[fold].train).push_back(order[i]);
  return folds;
}

}  // namespace lamina::detail

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::vector<Fold> k_folds(Index N, Index k, Rng rng) {
  const std::vector<Index> sizes = detail::fold_sizes(N, k);
  std::vector<std::size_t> holds_out;
  for (std::size_t fold = 0; fold < sizes.size(); ++fold)
    holds_out.insert(holds_out.end(), static_cast<std::size_t>(sizes[fold]), fold);
  return detail::folds_of(epoch_order(N, rng), holds_out, sizes.size());
}

}  // namespace lamina
