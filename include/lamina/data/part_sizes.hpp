#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "../core/error.hpp"
#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// The sizes of a split's parts, as fractions of the whole.
template <std::size_t parts>
struct Fractions {
  std::array<double, parts> of_whole;
};
template <typename... Numbers>
Fractions(Numbers...) -> Fractions<sizeof...(Numbers)>;

/// The sizes of a split's parts, in samples.
template <std::size_t parts>
struct Counts {
  std::array<Index, parts> samples;
};
template <typename... Numbers>
Counts(Numbers...) -> Counts<sizeof...(Numbers)>;

namespace detail {

/// Returns how many of N samples each part gets, and last how many remain.
template <std::size_t parts>
std::vector<Index> part_sizes(const Counts<parts>& counts, Index N) {
  std::vector<Index> sizes;
  Index left = N;
  for (const Index count : counts.samples) {
    if (count < 0) throw OptionError(str_cat("split: expects counts of at least 0 but got ", count));
    if (count > left)
      throw OptionError(str_cat("split: expects counts that sum to at most the ", N, " samples but got more"));
    sizes.push_back(count);
    left -= count;
  }
  sizes.push_back(left);
  return sizes;
}

/// Does the same for fractions: each part gets the whole samples of its share. Those with the largest remainders get one
/// more, the earlier of equal ones first (Hamilton's method).
template <std::size_t parts>
std::vector<Index> part_sizes(const Fractions<parts>& fractions, Index N) {
  constexpr double rounding = 1e-9;  // 0.29 · 100 is 29
  std::vector<double> shares(fractions.of_whole.begin(), fractions.of_whole.end());
  for (const double fraction : shares)
    if (!(fraction > 0.0)) throw OptionError(str_cat("split: expects fractions above 0 but got ", fraction));
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (!(sum <= 1.0 + rounding))
    throw OptionError(str_cat("split: expects fractions that sum to at most 1 but got ", sum));
  shares.push_back(sum < 1.0 - rounding ? 1.0 - sum : 0.0);

  std::vector<Index> sizes;
  for (double& share : shares) {
    share *= static_cast<double>(N);
    sizes.push_back(static_cast<Index>(std::floor(share + rounding)));
    share -= static_cast<double>(sizes.back());
  }
  std::vector<std::size_t> by_remainder(shares.size());
  std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&](std::size_t a, std::size_t b) { return shares[a] > shares[b] + rounding; });
  const Index missing = N - std::accumulate(sizes.begin(), sizes.end(), Index{0});
  for (Index i = 0; i < missing; ++i) ++sizes[by_remainder[static_cast<std::size_t>(i)]];
  return sizes;
}

/// A table of exact shares, class_sizes[c] · part_sizes[p] / N, rounded up or down so that rows and columns keep their
/// sums. Each share is rounded down first. What each row and each column then lacks is a flow of ones from classes to
/// parts, found one augmenting path at a time. It exists because the remainders are such a flow in fractions.
class Shares {
 public:
  Shares(const std::vector<Index>& class_sizes, const std::vector<Index>& part_sizes);

  /// Returns, for each class, the number of samples of each part.
  std::vector<std::vector<Index>> table() const;

 private:
  /// Rounds one more share of class c up, in some part that allows it.
  bool place(std::size_t c);

  /// Takes a free place of part p, or one that another class can exchange for a place elsewhere.
  bool make_room(std::size_t p);

  std::vector<Index> lacking_;                   // per part
  std::vector<std::vector<Index>> table_;        // the shares, rounded down
  std::vector<std::vector<Index>> may_, extra_;  // whether a share has a remainder; whether it is rounded up
  std::vector<bool> seen_;
};

std::vector<std::vector<Index>> shares(const std::vector<Index>& class_sizes,
                                              const std::vector<Index>& part_sizes);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/part_sizes.ipp"
#endif
